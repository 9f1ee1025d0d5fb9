import type { SanitizeProfile } from "../sanitize-profile.ts";
import { assertHarmless } from "./harmless.ts";
import { urlAttributes, type UrlRules } from "./urls.ts";

/** A profile, ready to be asked for each element and attribute. */
export interface ProfileRules extends UrlRules {
  readonly profile: SanitizeProfile;
  readonly elements: ReadonlySet<string>;
  readonly styles: ReadonlySet<string>;
  /** Whether an attribute may stand on an element; both in lower case. */
  allows(element: string, attribute: string): boolean;
  /** The same lists as DOMPurify takes them. Nothing of its own defaults is left in force. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** Elements whose content is no text of theirs: it goes with them. */
const withContent = [
  ...["applet", "audio", "canvas", "embed", "frameset", "head", "iframe", "math", "noembed", "noframes", "noscript"],
  ...["object", "plaintext", "script", "select", "selectedcontent", "style", "svg", "template", "textarea", "title"],
  ...["video", "xmp"],
];

/**
 * Compiles a profile.
 * @throws Error when it lets through what no profile may
 */
export function compileProfile(profile: SanitizeProfile): ProfileRules {
  assertHarmless(profile);
  const own = new Map(Object.entries(profile.attributes).map(([name, attributes]) => [name, new Set(attributes)]));
  const elements = new Set(profile.elements);
  const frames = profile.frames.length > 0;
  if (frames) {
    elements.add("iframe");
    own.set("iframe", new Set(["allowfullscreen", "height", "src", "title", "width"]));
  }
  const everywhere = own.get("*") ?? new Set<string>();
  if (profile.styles.length > 0) everywhere.add("style");
  const attributes = [...new Set([...own.values()].flatMap((names) => [...names]))];
  return {
    profile,
    elements,
    schemes: new Set(profile.schemes),
    dataImages: profile.dataImages,
    styles: new Set(profile.styles),
    allows: (element, attribute) =>
      own.get(element)?.has(attribute) === true || (element !== "iframe" && everywhere.has(attribute)),
    configuration: {
      ALLOWED_TAGS: ["#text", ...elements],
      ALLOWED_ATTR: attributes,
      ALLOWED_NAMESPACES: ["http://www.w3.org/1999/xhtml"],
      ALLOWED_URI_REGEXP: uriPattern(profile.schemes),
      // Only these hold URLs; in other attributes a colon is a colon.
      ADD_URI_SAFE_ATTR: attributes.filter((name) => !urlAttributes.has(name) && name !== "srcset"),
      ALLOW_ARIA_ATTR: false,
      ALLOW_DATA_ATTR: false,
      FORBID_CONTENTS: withContent,
      KEEP_CONTENT: true,
      SANITIZE_DOM: true,
      SANITIZE_NAMED_PROPS: true,
    },
  };
}

/** The second opinion on URLs: DOMPurify asks it of the value without spaces. */
function uriPattern(schemes: readonly string[]): RegExp {
  const named = schemes.map((scheme) => scheme.replaceAll(/[+.]/g, "\\$&")).join("|");
  return new RegExp(`^(?:(?:${named === "" ? "(?!)" : named}):|[^a-z]|[a-z+.\\-]+(?:[^a-z+.\\-:]|$))`, "i");
}

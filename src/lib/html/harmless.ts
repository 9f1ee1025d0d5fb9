import type { SanitizeProfile } from "../sanitize-profile.ts";
import { profiles } from "./profiles.ts";

/**
 * The elements that a profile may name: none of them runs anything, loads anything but media, switches the parser into
 * another grammar (SVG, MathML, raw text, templates: where mutation XSS comes from) or asks the reader for input.
 */
const harmlessElements = new Set([
  ...profiles.rich.elements,
  ...["acronym", "big", "center", "dir", "font", "main", "nav", "search", "strike", "tt"],
]);

/**
 * The attributes that a profile may name, beside `data-…` by full name. Not among them: listeners, `style` (which `styles`
 * opens by property), and whatever submits, refreshes, pings, clobbers or commands another element.
 */
const harmlessAttributes = new Set([
  ...Object.values(profiles.rich.attributes).flat(),
  ...[
    "align",
    "autoplay",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "class",
    "color",
    "compact",
    "crossorigin",
  ],
  ...["draggable", "face", "fetchpriority", "frame", "hidden", "hspace", "itemid", "itemprop", "itemref", "itemscope"],
  ...["itemtype", "longdesc", "nowrap", "referrerpolicy", "rules", "size", "start", "tabindex", "valign", "vspace"],
  ...["aria-colspan", "aria-current", "aria-details", "aria-labelledby", "aria-level", "aria-roledescription"],
  ...["aria-rowspan", "aria-sort"],
]);

/**
 * The CSS properties that a `style` attribute may be allowed to set. What takes an element out of its place (`position`,
 * `z-index`, transforms, negative room) could lay it over the site's own buttons.
 */
export const harmlessStyles = [
  ...["background-color", "border", "border-collapse", "border-color", "border-radius", "border-style", "border-width"],
  ...["caption-side", "clear", "color", "direction", "float", "font-family", "font-size", "font-style", "font-variant"],
  ...["font-weight", "height", "letter-spacing", "line-height", "list-style-type", "max-height", "max-width"],
  ...["min-height", "min-width", "object-fit", "overflow-wrap", "padding", "padding-bottom", "padding-left"],
  ...["padding-right", "padding-top", "text-align", "text-decoration", "text-indent", "text-transform"],
  ...["vertical-align", "white-space", "width", "word-break", "word-spacing"],
] as const;

/** Schemes that run, hold or read a document, or start a program with what the link says. */
const dangerousScheme =
  /^(?:about|blob|data|file|filesystem|intent|jar|javascript|livescript|mhtml|mocha|ms-.*|res|search-ms|vbscript|view-source|wyciwyg)$/;

/** Whether an element may be let through at all. */
export function isHarmlessElement(name: string): boolean {
  return harmlessElements.has(name);
}

/** Whether an attribute may be let through at all. */
export function isHarmlessAttribute(name: string): boolean {
  return harmlessAttributes.has(name) || /^data-[a-z0-9-]+$/.test(name);
}

/** Whether links may have that scheme, written in lower case without its colon. */
export function isHarmlessScheme(name: string): boolean {
  return /^[a-z][a-z0-9+.-]*$/.test(name) && !dangerousScheme.test(name);
}

/** Whether that is one host, in lower case, with a port or without. */
export function isHost(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/.test(text);
}

/**
 * Holds a profile against the lists of what may be let through: whoever wrote it, it cannot let through what runs.
 * @throws Error naming the first thing that it cannot have
 */
export function assertHarmless({ elements, attributes, schemes, frames, styles }: SanitizeProfile): void {
  const styleNames: readonly string[] = harmlessStyles;
  const bad =
    elements.find((name) => !isHarmlessElement(name)) ??
    Object.values(attributes)
      .flat()
      .find((name) => !isHarmlessAttribute(name)) ??
    schemes.find((name) => !isHarmlessScheme(name)) ??
    frames.find((host) => !isHost(host)) ??
    styles.find((name) => !styleNames.includes(name));
  if (bad !== undefined) throw new Error(`"${bad}" cannot be let through by any profile`);
}

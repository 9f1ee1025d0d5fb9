import { z } from "zod";
import { harmlessStyles, isHarmlessAttribute, isHarmlessElement, isHarmlessScheme, isHost } from "./html/harmless.ts";
import { type ProfileName, profiles } from "./html/profiles.ts";
import type { SanitizeProfile } from "./sanitize-profile.ts";

const profileName = z.enum(Object.keys(profiles) as [ProfileName, ...ProfileName[]]);

const element = z.string().refine(isHarmlessElement, {
  error: ({ input }) =>
    `"${String(input)}" is not an element that can be let through: it runs, embeds, asks or switches the parser`,
});
const attribute = z.string().refine(isHarmlessAttribute, {
  error: ({ input }) =>
    `"${String(input)}" is not an attribute that can be let through; for style, list the properties under "styles"`,
});
const scheme = z.string().refine(isHarmlessScheme, {
  error: ({ input }) =>
    `"${String(input)}" is not a scheme that links can have: write it without its colon; those that run are out`,
});
const host = z.string().refine(isHost, "write one host, in lower case, without a wildcard or a path");

/** The lists of a policy's own profile. Written down in one place of an option, the same everywhere else. */
function ownProfile(describe: <Schema extends z.ZodType>(schema: Schema, description: string) => Schema) {
  return z.strictObject({
    name: describe(z.string().default("own"), "What `explain` calls it."),
    extends: describe(profileName.default("text"), "The profile whose lists yours are added to."),
    elements: describe(z.array(element).default([]), "Further elements."),
    attributes: describe(
      z.record(z.union([z.literal("*"), element]), z.array(attribute)).default({}),
      "Further attributes by element, `*` for all; `data-…` by full name.",
    ),
    schemes: describe(z.array(scheme).optional(), "URL schemes of links and sources, in place of the usual."),
    dataImages: describe(z.boolean().default(false), "Pictures may be written into the text as `data:`."),
    frames: describe(
      z.array(host).default([]),
      "Hosts whose pages may be embedded, such as `www.youtube-nocookie.com`.",
    ),
    rel: describe(
      z.array(z.enum(["external", "nofollow", "noopener", "noreferrer", "sponsored", "ugc"])).optional(),
      "What links that leave the site say of themselves, in place of the profile's own.",
    ),
    newWindows: describe(z.boolean().optional(), "Whether links may open a new window."),
    styles: describe(z.array(z.enum(harmlessStyles)).default([]), "CSS properties that `style` may set."),
  });
}

/** A profile by its name, or lists of the policy's own. What could run cannot be listed at all. */
export const profileOption = z.union([profileName, ownProfile((schema) => schema)]);

/** The same with its keys described, for the place where a reader looks for them. */
export const describedProfileOption = z.union([
  profileName,
  ownProfile((schema, description) => schema.meta({ description })),
]);

const usualSchemes = profiles.basic.schemes;

/** What the policy wrote, as the lists that it means. */
export function readProfile(option: z.output<typeof profileOption>): SanitizeProfile {
  if (typeof option === "string") return profiles[option];
  const { extends: base, schemes, rel, newWindows, ...own } = option;
  const from: SanitizeProfile = profiles[base];
  const elements = [...new Set([...from.elements, ...own.elements])];
  const owners = new Set([...Object.keys(from.attributes), ...Object.keys(own.attributes)]);
  const attributes = [...owners].map((name) => {
    const both = new Set([...(from.attributes[name] ?? []), ...(own.attributes[name] ?? [])]);
    return [name, [...both]] as const;
  });
  return {
    name: own.name,
    elements,
    attributes: Object.fromEntries(attributes),
    schemes: schemes ?? (from.schemes.length > 0 ? from.schemes : usualSchemes),
    dataImages: own.dataImages,
    frames: own.frames,
    rel: rel ?? (from.rel.length > 0 ? from.rel : profiles.rich.rel),
    newWindows: newWindows ?? from.newWindows,
    styles: own.styles,
  };
}

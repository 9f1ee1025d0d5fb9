/** What a link may say of itself beside what the profile has it say; `opener` is not among it. */
const harmless: ReadonlySet<string> = new Set([
  ...["alternate", "author", "bookmark", "external", "help", "license", "next", "nofollow", "noopener", "noreferrer"],
  ...["prev", "search", "sponsored", "tag", "ugc"],
]);

/**
 * The `rel` of a link: the profile's words first, then those of its author that are harmless. A link that opens a window
 * always has `noopener`, or the page behind it could turn this one into something else.
 */
export function writeRel(written: string, profile: readonly string[], opensWindow: boolean): string {
  const own = written
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => harmless.has(word));
  return [...new Set([...profile, ...(opensWindow ? ["noopener"] : []), ...own])].join(" ");
}

import { type Database, insert } from "./rows.ts";
import { toUuid } from "./random.ts";

const colours = ["#8a5a3c", "#3c6e8a", "#5c8a3c", "#8a3c6e", "#c2a14d", "#4d4dc2", "#2f4f4f", "#a0522d"] as const;

/** The ids of the pictures that products and articles show. */
export const mediaIds: readonly string[] = colours.map((_, index) => toUuid(`media/${index}`));

/** Writes the pictures; the last one is an SVG with a script in it, as an editor's browser extension may leave one. */
export function seedMedia(database: Database): void {
  for (const [index, id] of mediaIds.entries()) {
    const script = index === mediaIds.length - 1 ? `<script>window.labStoredScriptRan = "media"</script>` : "";
    const shape = `<rect width="320" height="200" fill="${colours[index]}"/><circle cx="160" cy="100" r="60" fill="#fff8"/>`;
    insert(database, "media", {
      id,
      fileName: `picture-${index}.svg`,
      type: "image/svg+xml",
      content: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 200">${script}${shape}</svg>`),
    });
  }
}

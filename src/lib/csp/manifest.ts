import { z } from "zod";
import type { PageHashes } from "./compile-csp.ts";

const hash = z.string().regex(/^sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}$/);

/** What `headgate csp build` writes: the hashes of every page of a build. */
export const manifestSchema = z.strictObject({
  version: z.literal(1),
  /** By the path under which a page is served: without `.html`, `index`, or a slash at the end. */
  pages: z.record(
    z.string(),
    z.strictObject({
      scripts: z.array(hash),
      styles: z.array(hash),
      /** Of script files; absent where one of them has no `integrity`. */
      files: z.array(hash).optional(),
    }),
  ),
});

/** The manifest of a build. */
export type CspManifest = z.output<typeof manifestSchema>;

/** The name of a page in the manifest, for a path or for a file below the build's folder. */
export function pageNameOf(path: string): string {
  const bare = path.replace(/\.html?$/i, "");
  const name = bare.replace(/(?:^|\/)index$/, "").replace(/\/$/, "");
  return name === "" ? "/" : name;
}

/**
 * Reads a manifest and answers what stands in the page that is served there. A path without a page of its own has got the
 * one for paths that lead nowhere, or the first one of an app that makes its pages itself.
 * @throws Error when it is none
 */
export function readManifest(text: string): (path: string, status: number) => PageHashes | undefined {
  const { pages } = parseManifest(text);
  const known = new Map(
    Object.entries(pages).map(([name, { scripts, styles, files }]) => [
      name,
      { scripts: scripts.map(quote), styles: styles.map(quote), files: files?.map(quote) },
    ]),
  );
  return (path, status) => known.get(pageNameOf(decode(path))) ?? known.get(status === 404 ? "/404" : "/");
}

function parseManifest(text: string): CspManifest {
  try {
    return manifestSchema.parse(JSON.parse(text));
  } catch {
    throw new Error("it is no manifest of `headgate csp build`");
  }
}

function quote(one: string): string {
  return `'${one}'`;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

import { inspectPage, type PageFile, type PageProblem } from "./inspect-page.ts";
import type { CspManifest } from "./manifest.ts";
import { pageNameOf } from "./manifest.ts";

/** A page of a build. */
export interface BuiltPage {
  /** Its file, relative to the build's folder, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** The build around its pages. */
export interface Build {
  /** The bytes of a file by its path on the site; undefined where the build has none. */
  read(path: string): Uint8Array | undefined;
}

/** What became of one page. */
export interface PageResult {
  readonly file: string;
  /** The path under which it is served. */
  readonly name: string;
  readonly page: CspManifest["pages"][string];
  readonly problems: readonly PageProblem[];
  /** The page with integrity on every file of the build; the same text where nothing was to add. */
  readonly text: string;
}

const encoder = new TextEncoder();

/**
 * Takes down what stands in a page: hashes of inline scripts and styles, and those of its script files.
 * @param addIntegrity whether files of the build get an `integrity` attribute, so that browsers run them by hash
 */
export async function buildPage({ file, text }: BuiltPage, build: Build, addIntegrity: boolean): Promise<PageResult> {
  const inspected = inspectPage(text);
  const problems = [...inspected.problems];
  const insertions: { at: number; attributes: string }[] = [];
  const files: string[] = [];
  // What a module imports is not covered by the module's hash (HTML standard, "descendant script fetch options").
  let allKnown = !inspected.hasModules;
  for (const one of inspected.files) {
    const known = one.integrity ?? (addIntegrity ? await integrityOf(one, file, build) : undefined);
    if (known !== undefined && one.integrity === undefined) {
      const crossorigin = one.crossorigin ? "" : ' crossorigin="anonymous"';
      insertions.push({ at: one.insertAt, attributes: ` integrity="${known}"${crossorigin}` });
    }
    if (one.kind !== "script") continue;
    if (known === undefined) allKnown = false;
    else files.push(...known.split(/\s+/));
    if (known === undefined && isForeign(one.address)) {
      const fix = "give it integrity and crossorigin, or name its origin in script-src";
      problems.push({
        line: 0,
        weight: "careful",
        problem: `${one.address} can be replaced by whoever serves it`,
        fix,
      });
    }
  }
  const page = {
    scripts: await Promise.all(inspected.scripts.map(hashOf)),
    styles: await Promise.all(inspected.styles.map(hashOf)),
    ...(allKnown && { files: [...new Set(files)] }),
  };
  return { file, name: pageNameOf(`/${file}`), page, problems, text: insert(text, insertions) };
}

/** The manifest of all pages. */
export function toManifest(results: readonly PageResult[]): CspManifest {
  const sorted = results.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  return { version: 1, pages: Object.fromEntries(sorted.map(({ name, page }) => [name, page])) };
}

async function hashOf(text: string): Promise<string> {
  return `sha256-${await digest("SHA-256", encoder.encode(text))}`;
}

async function integrityOf({ address }: PageFile, file: string, build: Build): Promise<string | undefined> {
  const base = "https://build.invalid";
  const url = URL.parse(address, `${base}/${file}`);
  if (url === null || url.origin !== base) return undefined;
  const bytes = build.read(url.pathname);
  return bytes && `sha384-${await digest("SHA-384", bytes)}`;
}

function isForeign(address: string): boolean {
  return URL.parse(address, "https://build.invalid")?.origin !== "https://build.invalid";
}

async function digest(algorithm: string, bytes: Uint8Array): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest(algorithm, Uint8Array.from(bytes)));
  return btoa(String.fromCharCode(...sum));
}

/** Puts attributes in from the end to the beginning, so that the offsets before them stay true. */
function insert(text: string, insertions: readonly { readonly at: number; readonly attributes: string }[]): string {
  return insertions
    .toSorted((one, other) => other.at - one.at)
    .reduce((page, { at, attributes }) => page.slice(0, at) + attributes + page.slice(at), text);
}

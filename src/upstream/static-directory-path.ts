/** Endings of files that stand beside the file whose content they hold compressed. */
export const codedEndings = { br: ".br", zstd: ".zst", gzip: ".gz" } as const;

const codedEnding = /\.(?:br|zst|gz)$/;

/**
 * The names of a canonical path, decoded once; the last is empty for a path that ends in a slash. `undefined` for a path
 * that must not be looked for: each name is one name in one folder, whatever the file system makes of it.
 */
export function toFileNames(path: string): string[] | undefined {
  const names: string[] = [];
  const segments = path.slice(1).split("/");
  for (const [index, segment] of segments.entries()) {
    let name: string;
    try {
      name = decodeURIComponent(segment);
    } catch {
      return undefined;
    }
    const isLast = index === segments.length - 1;
    if (name === "" ? !isLast : !isPlainName(name)) return undefined;
    names.push(name);
  }
  return names;
}

/**
 * Separators and dot segments lead out of a folder; a colon names a stream or a drive, and a trailing dot or space is
 * dropped, on Windows.
 */
function isPlainName(name: string): boolean {
  return !/[/\\:\u0000-\u001f\u007f]|[. ]$/.test(name);
}

/**
 * Whether a file of these names is for visitors: what begins with a dot (`.env`, `.git`) was never meant to be, but for
 * `.well-known` (RFC 8615), and source maps give the sources back, compressed or not.
 */
export function isServed(names: readonly string[], sourceMaps: boolean): boolean {
  const isHidden = names.some((name, index) => name.startsWith(".") && !(index === 0 && name === ".well-known"));
  if (isHidden) return false;
  return sourceMaps || !/\.map$/i.test((names.at(-1) ?? "").replace(codedEnding, ""));
}

/** The names of the file whose compressed twin this would be; `undefined` where the ending says that it is none. */
export function uncoded(names: readonly string[]): readonly string[] | undefined {
  const last = names.at(-1) ?? "";
  return codedEnding.test(last) ? [...names.slice(0, -1), last.replace(codedEnding, "")] : undefined;
}

/** Where a path may lead: files to try in order, and for each the one path at which it is served. */
export interface Candidate {
  readonly names: readonly string[];
  /** The file's own path; a request for another spelling is sent there. */
  readonly path: string;
}

/** How paths of pages are spelled. */
export interface PageSpelling {
  readonly cleanUrls: boolean;
  readonly trailingSlash: "never" | "always";
}

/**
 * The files that a path may mean. Every page has one path: a page that could be had at `/admin`, at `/admin.html` and at
 * `/admin/` would have to be guarded three times, and would be guarded once.
 */
export function candidatesFor(names: readonly string[], { cleanUrls, trailingSlash }: PageSpelling): Candidate[] {
  const endsInSlash = names.at(-1) === "";
  const base = endsInSlash ? names.slice(0, -1) : names;
  const last = base.at(-1) ?? "";
  const folder = base.slice(0, -1);
  if (base.length === 0) return [{ names: ["index.html"], path: "/" }];
  if (!cleanUrls) {
    if (endsInSlash) return [{ names: [...base, "index.html"], path: pathOf([...base, ""]) }];
    return [{ names: base, path: last === "index.html" ? pathOf([...folder, ""]) : pathOf(base) }];
  }
  const spell = (page: readonly string[]) =>
    pathOf(trailingSlash === "always" || page.length === 0 ? [...page, ""] : page);
  /** Where a page's file stands: `index.html` at its folder, others at their name. */
  const place = (stem: string) => spell(stem === "index" ? folder : [...folder, stem]);
  if (!endsInSlash && last.endsWith(".html") && last !== ".html") {
    return [{ names: base, path: place(last.slice(0, -".html".length)) }];
  }
  const pages = [
    { names: [...folder, `${last}.html`], path: place(last) },
    { names: [...base, "index.html"], path: spell(base) },
  ];
  return endsInSlash ? pages : [{ names: base, path: pathOf(base) }, ...pages];
}

/** The one spelling of a path with these names; what does not come out the same is another spelling. */
export function pathOf(names: readonly string[]): string {
  return `/${names.map((name) => encodeURIComponent(name)).join("/")}`;
}

/** A header field. */
export type Field = readonly [name: string, value: string];

/** What a host is to send. */
export interface HostHeaders {
  /** With every answer. */
  readonly everywhere: readonly Field[];
  /** With each page, by the path at which it is served. */
  readonly pages: readonly { readonly name: string; readonly fields: readonly Field[] }[];
}

/** Hosts that serve a build without the gateway, and take headers from a file. */
export const hostFormats = ["_headers", "vercel", "nginx"] as const;

/** The name of such a host's format. */
export type HostFormat = (typeof hostFormats)[number];

/** Writes the configuration of a host: the same policies that the gateway would send. */
export function formatForHost(format: HostFormat, headers: HostHeaders): string {
  return { _headers: formatHeadersFile, vercel: formatVercel, nginx: formatNginx }[format](headers);
}

/** Netlify and Cloudflare Pages: rules that match the same path add up, and two policies would both count. */
function formatHeadersFile({ everywhere, pages }: HostHeaders): string {
  const rule = (path: string, fields: readonly Field[]) =>
    [path, ...fields.map(([name, value]) => `  ${toTitle(name)}: ${value}`)].join("\n");
  const rules = pages.flatMap(({ name, fields }) => spellings(name).map((path) => rule(path, fields)));
  return `${[rule("/*", everywhere), ...rules].join("\n\n")}\n`;
}

function formatVercel({ everywhere, pages }: HostHeaders): string {
  const rule = (source: string, fields: readonly Field[]) => ({
    source,
    headers: fields.map(([name, value]) => ({ key: toTitle(name), value })),
  });
  // A source is a pattern: what could be read as one is escaped.
  const rules = pages.flatMap(({ name, fields }) =>
    spellings(name).map((path) => rule(path.replace(/[():*?+{}[\]\\]/g, "\\$&"), fields)),
  );
  return `${JSON.stringify({ headers: [rule("/(.*)", everywhere), ...rules] }, null, 2)}\n`;
}

function formatNginx({ everywhere, pages }: HostHeaders): string {
  const names = [...new Set(pages.flatMap(({ fields }) => fields.map(([name]) => name)))];
  const variable = (name: string) => `$headgate_${name.replaceAll("-", "_")}`;
  const maps = names.map((name) => {
    const lines = pages.flatMap((page) => {
      const value = page.fields.find(([field]) => field === name)?.[1];
      return value === undefined ? [] : spellings(page.name).map((path) => `    ${quote(path)} ${quote(value)};`);
    });
    return [`map $uri ${variable(name)} {`, ...lines, "}"].join("\n");
  });
  return [
    "# Into http { … }:",
    ...maps,
    "",
    "# Into the server { … } of the site, and into each location that has an add_header of its own:",
    ...everywhere.map(([name, value]) => `add_header ${toTitle(name)} ${quote(value)} always;`),
    ...names.map((name) => `add_header ${toTitle(name)} ${variable(name)} always;`),
    "",
  ].join("\n");
}

/** Hosts compare paths letter by letter, and serve a page at several. */
function spellings(name: string): readonly string[] {
  if (name === "/") return ["/", "/index.html"];
  return [name, `${name}/`, `${name}.html`, `${name}/index.html`];
}

function toTitle(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

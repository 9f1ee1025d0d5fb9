import type { Refusal } from "./patch.ts";

/** Which pictures an optimizer may be asked for. */
export interface ImageRules {
  /** Hosts of other sites, exact or with one label in place of a star; none unless said. */
  readonly hosts: readonly string[];
  /** The beginnings of the site's own paths. */
  readonly paths: readonly string[];
  /** Widths in pixels, where only some are made; any up to `maxWidth` unless said. */
  readonly widths: readonly number[] | undefined;
  readonly maxWidth: number;
  /** Qualities, where only some are made; any from 1 to 100 unless said. */
  readonly qualities: readonly number[] | undefined;
}

const refuse = (reason: string): Refusal => ({ problem: "invalid-query", reason: `the picture optimizer: ${reason}` });

/**
 * Judges where a picture comes from. An optimizer fetches what it is told with the server's own network (SSRF), and what
 * it keeps is served to everybody: `//host`, `/\host` and a path back into the optimizer have all been taken for local.
 */
export function judgeSource(source: string, { hosts, paths }: ImageRules, optimizer: string): Refusal | undefined {
  if (source.length > 2048 || /[\\\u0000-\u0020\u007f]/.test(source)) return refuse("an address with odd characters");
  if (source.startsWith("/")) {
    // One decoding more than usual: optimizers decode once themselves.
    const decoded = decode(decode(source));
    const path = decoded?.split(/[?#]/)[0];
    if (path === undefined || path.includes("//") || path.includes("\\") || /(?:^|\/)\.{1,2}(?:\/|$)/.test(path)) {
      return refuse("a path with more than one reading");
    }
    if (path.startsWith(optimizer)) return refuse("a path back into itself");
    return paths.some((start) => path.startsWith(start)) ? undefined : refuse("a path that is not declared");
  }
  const url = URL.parse(source);
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "")
    return refuse("no path and no https address");
  return hosts.some((host) => matchesHost(url.host, host)) ? undefined : refuse("a host that is not declared");
}

/** Judges a width and a quality as they stand in a query; undefined for what is left out. */
export function judgeSize(
  { width, quality }: { readonly width?: string | undefined; readonly quality?: string | undefined },
  { maxWidth, qualities, widths }: ImageRules,
): Refusal | undefined {
  if (width !== undefined && !isAmong(width, widths, maxWidth)) return refuse("a width that is not made");
  if (quality !== undefined && !isAmong(quality, qualities, 100)) return refuse("a quality that is not made");
  return undefined;
}

function isAmong(text: string, some: readonly number[] | undefined, most: number): boolean {
  if (!/^[1-9]\d{0,4}$/.test(text)) return false;
  return some ? some.includes(Number(text)) : Number(text) <= most;
}

function matchesHost(host: string, rule: string): boolean {
  if (!rule.startsWith("*.")) return host === rule;
  const [label = "", ...rest] = host.split(".");
  return label !== "" && rest.join(".") === rule.slice(2);
}

function decode(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

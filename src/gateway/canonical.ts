import { type Pair, type PairRules, parsePairs } from "../lib/pairs.ts";

/** A path in its one form with its decoded segments, or what is wrong with it (for the log, never for the client). */
export type CanonicalPath =
  | { readonly path: string; readonly segments: readonly string[]; readonly refused?: undefined }
  | { readonly refused: string };

/** A query in its one form with its decoded pairs, or what is wrong with it. */
export type CanonicalQuery =
  | { readonly query: string; readonly pairs: readonly Pair[]; readonly refused?: undefined }
  | { readonly refused: string };

const plain = 1;
const encoded = 2;
const slash = 0x2f;
const dot = 0x2e;

/** Far more than any site has; it bounds what a path made of thousands of encoded segments costs. */
const maxSegments = 128;

/** By character code: 0 is refused, `plain` is its own canonical form, `encoded` needs a closer look. */
const classes = new Uint8Array(128);
const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
// RFC 3986 pchar without ";": servers cut "/public/..;/admin" at it, each in its own way.
for (const character of `${unreserved}!$&'()*,=:@`) classes[character.charCodeAt(0)] = plain;
for (const character of "%+") classes[character.charCodeAt(0)] = encoded;

/**
 * Puts a request's path into the one form that is both matched and forwarded.
 *
 * Every spelling that two servers could read differently is refused: a path that means `/admin` to the upstream and
 * something else to the gateway is how allow-lists are walked around. What is left has exactly one spelling: hex digits
 * in upper case, delimiters that may stand raw in a segment raw, but `+` as `%2B` because some servers read a raw one
 * as a space. So equal segments always mean equal paths. A trailing slash stays, as an empty last segment.
 */
export function canonicalPath(raw: string): CanonicalPath {
  if (raw.charCodeAt(0) !== slash) return { refused: "the request target is not in origin form" };
  const segments: string[] = [];
  let rewritten: string[] | undefined;
  let start = 1;
  let isPlain = true;
  for (let at = 1; at <= raw.length; at++) {
    const code = at < raw.length ? raw.charCodeAt(at) : slash;
    if (code !== slash) {
      const kind = code < 128 ? classes[code] : 0;
      if (kind === plain) continue;
      if (kind !== encoded) return { refused: "a character that may not stand in a path" };
      isPlain = false;
      continue;
    }
    if (segments.length === maxSegments) return { refused: "more segments than allowed" };
    if (at === start && at < raw.length) return { refused: "an empty segment" };
    if (isDotSegment(raw, start, at)) return { refused: "a dot segment" };
    let segment = raw.slice(start, at);
    if (!isPlain) {
      const decoded = decodeSegment(segment);
      if (decoded.refused !== undefined) return decoded;
      segment = decoded.segment;
      rewritten ??= segments.map(encodeSegment);
    }
    segments.push(segment);
    rewritten?.push(isPlain ? segment : encodeSegment(segment));
    start = at + 1;
    isPlain = true;
  }
  return { path: rewritten ? `/${rewritten.join("/")}` : raw, segments };
}

/**
 * Puts a query (without its question mark) into the one form that is both judged and forwarded; the order stays.
 * Names that look like a path are refused: caches and frameworks were led to take `/?/_payload.json` for another page
 * (CVE-2025-27415).
 */
export function canonicalQuery(raw: string, rules?: PairRules): CanonicalQuery {
  const parsed = parsePairs(raw, rules);
  if (parsed.refused !== undefined) return parsed;
  for (const [name] of parsed.pairs) {
    if (name.includes("/") || name.includes("\\")) return { refused: "a name that looks like a path" };
  }
  return { query: parsed.text, pairs: parsed.pairs };
}

/** Cuts a request target in origin form at its first question mark. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  return mark < 0 ? { path: target, query: "" } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Writes a decoded segment in the form that `canonicalPath` gives it. */
export function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(/%(?:24|26|2C|3A|3D|40)/g, decodeURIComponent);
}

function isDotSegment(raw: string, start: number, end: number): boolean {
  const length = end - start;
  if (length !== 1 && length !== 2) return false;
  return raw.charCodeAt(start) === dot && raw.charCodeAt(end - 1) === dot;
}

function decodeSegment(
  segment: string,
): { readonly segment: string; readonly refused?: undefined } | { readonly refused: string } {
  for (let at = segment.indexOf("%"); at >= 0; at = segment.indexOf("%", at + 3)) {
    const refused = refuseEscape(segment, at);
    if (refused !== undefined) return { refused };
  }
  let decoded: string;
  try {
    decoded = decodeURIComponent(segment);
  } catch {
    // Over-long forms and surrogates included: lenient decoders read "%C0%AF" as a slash.
    return { refused: "percent-encoding that is not UTF-8" };
  }
  if (/[\u0080-\u009f]/.test(decoded)) return { refused: "an encoded control character" };
  if (/[^\u0000-\u007f]/.test(decoded) && becomesSeparator(decoded)) {
    return { refused: "a character that folds to a separator" };
  }
  return { segment: decoded };
}

/** What is wrong with the percent-escape at `at`, if anything. */
function refuseEscape(segment: string, at: number): string | undefined {
  const code = hexPair(segment, at + 1);
  if (code < 0) return "invalid percent-encoding";
  if (code < 0x20 || code === 0x7f) return "an encoded control character";
  if (code > 0x7f) return undefined;
  const character = String.fromCharCode(code);
  if (character === "/" || character === "\\") return "an encoded separator";
  if (character === ";") return "an encoded path parameter";
  if (unreserved.includes(character)) return "an encoded character that needs no encoding";
  // "%252F" is "%2F" to whoever decodes twice; "%25u002F" likewise where "%u" escapes are known.
  const next = segment[at + 3];
  if (character === "%" && (hexPair(segment, at + 3) >= 0 || next === "u" || next === "U")) return "a double encoding";
  return undefined;
}

/** The byte that two hex digits stand for; below zero where there are none. */
function hexPair(text: string, at: number): number {
  const high = hexDigit(text.charCodeAt(at));
  const low = hexDigit(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Whether compatibility folding, which some servers do, makes a separator, an escape or a dot segment of it. */
function becomesSeparator(segment: string): boolean {
  return /[/\\;]|%[0-9A-Fa-f]{2}|^\.{1,2}$/.test(segment.normalize("NFKC"));
}

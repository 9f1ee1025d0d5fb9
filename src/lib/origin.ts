import { isPublicSuffix } from "./public-suffix.ts";
import { textOption } from "./text-option.ts";

/** Which origins an entry of the policy means: one, or every one with a single label in place of the star. */
export type OriginRule =
  | { readonly kind: "exact"; readonly origin: string }
  | { readonly kind: "pattern"; readonly before: string; readonly after: string };

const accepted = '"https://partner.example" or, for one label in place of the star, "https://*.preview.example"';

/**
 * Reads an origin or a pattern of origins.
 * @throws Error whose message names what is wrong and what is accepted
 */
export function parseOriginRule(text: string): OriginRule {
  const [, scheme, domain] = /^(https?):\/\/\*\.([^*]+)$/.exec(text) ?? [];
  if (scheme === undefined || domain === undefined) return { kind: "exact", origin: requireOrigin(text, text) };
  const { hostname } = new URL(requireOrigin(`${scheme}://${domain}`, text));
  if (/(^|\.)\d+$/.test(hostname)) throw new Error(`${quote(text)} puts a star in front of an address, not of a name.`);
  if (isPublicSuffix(hostname)) {
    throw new Error(`${quote(text)} lets everybody in: anybody can have a name under ${hostname}.`);
  }
  return { kind: "pattern", before: `${scheme}://`, after: `.${domain}` };
}

/** A policy value that is an origin or a pattern of origins. */
export const originOption = textOption(parseOriginRule, `an origin: ${accepted}`);

/** The text of a rule: the way back from `parseOriginRule`. */
export function formatOriginRule(rule: OriginRule): string {
  return rule.kind === "exact" ? rule.origin : `${rule.before}*${rule.after}`;
}

/**
 * Makes the function that says whether a value of `Origin` is one of those meant.
 *
 * Compared byte for byte with what browsers write (lower case, no default port, punycode): everything that has to be
 * normalised first is not an origin that a browser sent, and is foreign.
 */
export function createOriginMatcher(rules: readonly OriginRule[]): (origin: string) => boolean {
  const exact = new Set(rules.flatMap((rule) => (rule.kind === "exact" ? [rule.origin] : [])));
  const patterns = rules.filter((rule) => rule.kind === "pattern");
  if (patterns.length === 0) return (origin) => exact.has(origin);
  return (origin) => exact.has(origin) || patterns.some((pattern) => fits(pattern, origin));
}

function fits({ before, after }: OriginRule & { kind: "pattern" }, origin: string): boolean {
  if (!origin.startsWith(before) || !origin.endsWith(after)) return false;
  // One host label (RFC 1123 section 2.1): without dots, or a.b.preview.example and its owner would be let in too.
  return /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(origin.slice(before.length, -after.length));
}

function requireOrigin(origin: string, text: string): string {
  if (text === "*") throw new Error(`"*" lets everybody in. Name the origins: ${accepted}.`);
  if (text === "null") throw new Error('"null" is the origin of every sandboxed frame. Name a real one.');
  if (text.includes("*") && origin === text)
    throw new Error(`The star of ${quote(text)} must be the whole first label.`);
  const url = URL.parse(origin);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error(`${quote(text)} is not an origin. Write ${accepted}.`);
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new Error(`${quote(text)} can be forged by whoever is on the network. Write https.`);
  }
  if (url.origin !== origin) throw new Error(`${quote(text)} is more than an origin. Write "${url.origin}".`);
  if (url.hostname.endsWith("."))
    throw new Error(`${quote(text)} ends in a dot, which is another origin to a browser.`);
  return origin;
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.endsWith(".localhost") || hostname === "[::1]" || /^127\./.test(hostname);
}

/** An author's text inside a message: quoted and of bounded length. */
function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

/** What stands where something was taken out because it may be a credential. */
const masked = "…";

/**
 * Credentials that travel in paths and messages: JSON Web Tokens, UUIDs (reset links, session ids), and unbroken runs of
 * letters and digits of the length of a key. A file's content hash falls to it too, which costs the reader little.
 */
const opaque =
  /eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){0,2}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Za-z0-9]{20,}/gi;

// C0 and C1 controls end lines and start escape sequences in a terminal; the rest hides text or turns its direction
// (CWE-117, CVE-2021-42574).
const invisible =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]+/g;

/** A web address inside a text, up to where its query or fragment begins, and that rest. */
const addressWithRest = /(\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s?#"'<>`]{1,200})[?#][^\s"'<>`]*/gi;

const schemesWithAuthority = new Set(["http:", "https:", "ws:", "wss:"]);

/** What a name in the network is made of. The URL standard takes more (quotes, commas, a star), which no name has. */
const hostname = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])$/;

/**
 * Text of a stranger in a form that can stand in a log: cut to so many characters, without control and invisible
 * characters, without queries of addresses, without what looks like a credential.
 */
export function cleanText(text: string, maxLength: number): string {
  // Cut first: everything after costs by the length, and the length is the stranger's.
  const start = text.slice(0, maxLength * 2).replace(invisible, " ");
  return cut(maskOpaque(start.replace(addressWithRest, "$1")).trim(), maxLength);
}

/** An address as logs may hold it, in its parts. */
export interface CleanUrl {
  /** `https://cdn.example`, or `data:` and the like for schemes without a host. */
  readonly origin: string;
  /** The path without query and fragment; empty for schemes without a host. */
  readonly path: string;
}

/**
 * An address without what carries tokens: no query, no fragment, no user name, opaque parts of the path masked.
 * `undefined` for what is no absolute address.
 */
export function cleanUrl(text: string): CleanUrl | undefined {
  if (text.length > 8192) return schemeOf(text);
  const url = URL.parse(text);
  if (url === null) return undefined;
  if (!schemesWithAuthority.has(url.protocol)) return schemeOf(text);
  if (!hostname.test(url.hostname) || url.hostname.length > 253) return undefined;
  const path = cut(maskOpaque(url.pathname.slice(0, 400)).replace(invisible, ""), 200);
  return { origin: `${url.protocol}//${url.host}`, path: path === "/" ? "" : path };
}

/** `data:image/png;base64,…` can be long and says nothing beyond its scheme. */
function schemeOf(text: string): CleanUrl | undefined {
  const scheme = /^[a-z][a-z0-9+.-]{0,30}:/i.exec(text)?.[0];
  return scheme === undefined ? undefined : { origin: scheme.toLowerCase(), path: "" };
}

function maskOpaque(text: string): string {
  return text.replace(opaque, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? masked : run));
}

/** At most so many characters, and no half of a surrogate pair at the end. */
function cut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text.toWellFormed();
  return `${text.slice(0, maxLength - 1)}${masked}`.toWellFormed();
}

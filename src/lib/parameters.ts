/** A token (RFC 9110 section 5.6.2). */
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
/** Optional white space and a semicolon between parameters. */
const separator = /[ \t]*;[ \t]*/y;
/** A quoted string (RFC 9110 section 5.6.4); text beyond ASCII is left to the caller to judge. */
const quotedString = /"((?:[^"\\\u0000-\u0008\u000a-\u001f\u007f]|\\[^\u0000-\u0008\u000a-\u001f\u007f])*)"/y;

/**
 * Reads `; name=value; name="value"` from `start` to the end of a header value (RFC 9110 section 5.6.6). Names are
 * lower-cased. `undefined` when it is anything else, or names a parameter twice: which one counts differs from parser
 * to parser.
 */
export function parseParameters(text: string, start: number): ReadonlyMap<string, string> | undefined {
  const parameters = new Map<string, string>();
  let at = start;
  while (at < text.length) {
    const gap = matchAt(separator, text, at);
    if (!gap) return undefined;
    at += gap[0].length;
    const name = matchAt(token, text, at)?.[0];
    // The grammar has room for empty parameters: "text/html;" is valid.
    if (name === undefined) continue;
    at += name.length;
    if (text[at] !== "=") return undefined;
    at++;
    const quoted = matchAt(quotedString, text, at);
    const value = quoted ? (quoted[1] ?? "").replace(/\\(.)/g, "$1") : matchAt(token, text, at)?.[0];
    if (value === undefined || parameters.has(name.toLowerCase())) return undefined;
    parameters.set(name.toLowerCase(), value);
    at += quoted ? quoted[0].length : value.length;
  }
  return parameters;
}

/** Whether the whole text is a token. */
export function isToken(text: string): boolean {
  return matchAt(token, text, 0)?.[0].length === text.length && text !== "";
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** A decoded name and its decoded value. */
export type Pair = readonly [name: string, value: string];

/** What a list of `name=value` pairs may look like; each rule has a strict default. */
export interface PairRules {
  /** Whether a name may stand there more than once; by default none may. */
  mayRepeat?(name: string): boolean;
  /** The most pairs; 100 unless told. */
  readonly maxPairs?: number;
  /** The most characters of a decoded name; 256 unless told. */
  readonly maxNameLength?: number;
  /** The most characters of the whole text before decoding; 8192 unless told. */
  readonly maxLength?: number;
  /** Whether values may hold tabs and line breaks, as text areas of forms do; names never may. */
  readonly multiline?: boolean;
}

/** The pairs in order with the one text that stands for them, or what is wrong with the list. */
export type ParsedPairs =
  | { readonly pairs: readonly Pair[]; readonly text: string; readonly refused?: undefined }
  | { readonly refused: string };

const refusedCharacter = 0;
const plain = 1;
const rewritten = 2;
const ampersand = 0x26;
const equals = 0x3d;

/** By character code: refused, equal to its canonical form, or to be decoded and written anew. */
const classes = new Uint8Array(128);
// A browser leaves these as they are in a query (WHATWG URL, query percent-encode set), so real clients send them raw.
for (const character of "%+$,/:;?@[]{}|^`\\'=") classes[character.charCodeAt(0)] = rewritten;
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~!*()") {
  classes[character.charCodeAt(0)] = plain;
}

/**
 * Reads `application/x-www-form-urlencoded` text, as queries and forms carry it, so that no second reading is left.
 *
 * Parsers behind the gateway disagree about empty pairs, duplicates, `;`, raw brackets and bad encodings. What would
 * divide them is refused, or gone from `text`, which is what goes upstream: every name and value encoded anew.
 */
export function parsePairs(raw: string, rules: PairRules = {}): ParsedPairs {
  const { maxPairs = 100, maxNameLength = 256, maxLength = 8192, multiline = false } = rules;
  if (raw.length > maxLength) return { refused: "longer than allowed" };
  if (raw === "") return { pairs: [], text: "" };

  const pairs: Pair[] = [];
  const seen = new Set<string>();
  let canonical = true;
  let at = 0;
  while (at <= raw.length) {
    if (pairs.length === maxPairs) return { refused: "more pairs than allowed" };
    const start = at;
    let split = -1;
    let dirtyName = false;
    let dirtyValue = false;
    for (; at < raw.length; at++) {
      const code = raw.charCodeAt(at);
      if (code === ampersand) break;
      if (code === equals && split < 0) {
        split = at;
        continue;
      }
      const kind = code < 128 ? classes[code] : refusedCharacter;
      if (kind === refusedCharacter) return { refused: "a character that has to be percent-encoded" };
      if (kind === rewritten && split < 0) dirtyName = true;
      else if (kind === rewritten) dirtyValue = true;
    }
    const nameEnd = split < 0 ? at : split;
    if (nameEnd === start) return { refused: "an empty name" };

    const name = dirtyName ? decode(raw.slice(start, nameEnd)) : raw.slice(start, nameEnd);
    const value = split < 0 ? "" : dirtyValue ? decode(raw.slice(split + 1, at)) : raw.slice(split + 1, at);
    if (name === undefined || value === undefined) return { refused: "invalid percent-encoding or UTF-8" };
    if (dirtyName && hasControl(name)) return { refused: "a control character in a name" };
    if (dirtyValue && (multiline ? hasControlButBreaks(value) : hasControl(value))) {
      return { refused: "a control character in a value" };
    }
    if (name.length > maxNameLength) return { refused: "a name longer than allowed" };
    if (reachesPrototype(name)) return { refused: "a name that reaches a prototype" };
    // Which of two values counts differs from parser to parser: one would be judged and the other obeyed.
    if (seen.has(name) && !rules.mayRepeat?.(name)) return { refused: "a name given twice" };
    seen.add(name);
    pairs.push([name, value]);
    if (dirtyName || dirtyValue || split < 0) canonical = false;
    at++;
  }
  return { pairs, text: canonical ? raw : serializePairs(pairs) };
}

/** Writes pairs as the one text that `parsePairs` gives for them. */
export function serializePairs(pairs: readonly Pair[]): string {
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&");
}

/** Whether a name would reach a prototype in a parser that builds objects: `__proto__`, `a[constructor][prototype]`. */
export function reachesPrototype(name: string): boolean {
  return name.includes("__proto__") || (name.includes("constructor") && name.includes("prototype"));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  // The WHATWG URL parser encodes the apostrophe in queries: with it encoded already, both write the same.
  return encodeURIComponent(text).replaceAll("'", "%27");
}

function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f]/.test(text);
}

function hasControlButBreaks(text: string): boolean {
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text);
}

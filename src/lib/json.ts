/** How much JSON may hold. */
export interface JsonLimits {
  /** Levels of arrays and objects. */
  readonly maxDepth: number;
  /** Members and elements of all objects and arrays together. */
  readonly maxKeys: number;
  /** UTF-16 units of one string or key; no limit unless told. */
  readonly maxStringLength?: number;
}

/** The value, or what is wrong in fixed words, with a JSON pointer (RFC 6901) where the place is known. */
export type ParsedJson =
  | { readonly value: unknown; readonly malformed?: undefined }
  | { readonly malformed: string; readonly pointer?: string };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const quote = 0x22;
const backslash = 0x5c;

/**
 * Parses JSON so that every parser behind reads the same (RFC 8259 within the bounds of I-JSON, RFC 7493): UTF-8 without
 * a byte order mark, no key twice, no lone surrogates, no number that a double cannot hold. Keys that reach a prototype
 * are refused.
 *
 * Two passes around the native parser: one over the bytes finds what the native parser would hide (depth before it
 * allocates, duplicates, long integers), one over the value judges what only the value shows.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): ParsedJson {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { malformed: "a byte order mark" };
  const outline = scan(bytes, limits);
  if (typeof outline === "string") return { malformed: outline };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return { malformed: "not valid UTF-8" };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's message quotes the document: it goes nowhere.
    return { malformed: "not valid JSON" };
  }
  const walk = new Walk(limits, outline.hasUnicodeEscapes);
  const fault = walk.judge(value);
  if (fault) return { malformed: fault.reason, pointer: fault.path.reverse().map(toPointerToken).join("") };
  // The native parser keeps the last of two members; another one keeps the first, and obeys what was not judged.
  if (walk.members !== outline.members) return { malformed: "a key given twice" };
  return { value };
}

interface Outline {
  /** Colons outside of strings: in valid JSON, the members of all objects, duplicates included. */
  readonly members: number;
  readonly hasUnicodeEscapes: boolean;
}

/** Reads the bytes once, knowing only strings, brackets and numbers; the grammar is left to the native parser. */
function scan(bytes: Uint8Array, limits: JsonLimits): Outline | string {
  let depth = 0;
  let members = 0;
  let commas = 0;
  let hasUnicodeEscapes = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      for (at++; at < bytes.length && bytes[at] !== quote; at++) {
        if (bytes[at] === backslash && bytes[++at] === 0x75 /* u */) hasUnicodeEscapes = true;
      }
    } else if (byte === 0x7b /* { */ || byte === 0x5b /* [ */) {
      if (++depth > limits.maxDepth) return "nested deeper than allowed";
    } else if (byte === 0x7d /* } */ || byte === 0x5d /* ] */) {
      depth--;
    } else if (byte === 0x3a /* : */) {
      members++;
    } else if (byte === 0x2c /* , */) {
      if (++commas >= limits.maxKeys) return "more members and elements than allowed";
    } else if (isNumeric(byte)) {
      const end = endOfNumber(bytes, at);
      if (end - at > 15 && isUnsafeInteger(bytes, at, end)) return "an integer beyond 2^53-1";
      at = end - 1;
    }
  }
  return { members, hasUnicodeEscapes };
}

/** A digit or a minus: what a number begins with. */
function isNumeric(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  for (; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (!isNumeric(byte) && byte !== 0x2b && byte !== 0x2e && (byte | 0x20) !== 0x65) break;
  }
  return at;
}

/** Whether digits without a fraction or an exponent name an integer that a double rounds (RFC 7493 section 2.2). */
function isUnsafeInteger(bytes: Uint8Array, start: number, end: number): boolean {
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x2d && at === start) continue;
    if (byte < 0x30 || byte > 0x39) return false;
    value = value * 10 + (byte - 0x30);
  }
  return value > Number.MAX_SAFE_INTEGER;
}

interface Fault {
  readonly reason: string;
  /** Keys from the faulty value outwards. */
  readonly path: (string | number)[];
}

/** One walk over a parsed value. Its depth was bounded by the scan, so recursion is safe. */
class Walk {
  /** Members of objects seen so far. */
  members = 0;
  #elements = 0;
  readonly #maxKeys: number;
  readonly #maxStringLength: number;
  readonly #mayBeIllFormed: boolean;

  constructor(limits: JsonLimits, mayBeIllFormed: boolean) {
    this.#maxKeys = limits.maxKeys;
    this.#maxStringLength = limits.maxStringLength ?? Number.POSITIVE_INFINITY;
    this.#mayBeIllFormed = mayBeIllFormed;
  }

  judge(value: unknown): Fault | undefined {
    if (typeof value === "string") return this.#judgeString(value);
    if (typeof value === "number")
      return Number.isFinite(value) ? undefined : faultOf("a number beyond the double range");
    if (typeof value !== "object" || value === null) return undefined;
    return Array.isArray(value) ? this.#judgeArray(value) : this.#judgeObject(value as Record<string, unknown>);
  }

  #judgeString(text: string): Fault | undefined {
    if (text.length > this.#maxStringLength) return faultOf("a string longer than allowed");
    // Only an escape can bring a lone surrogate in: UTF-8 has none.
    if (this.#mayBeIllFormed && !text.isWellFormed()) return faultOf("a lone surrogate");
    return undefined;
  }

  #judgeArray(array: readonly unknown[]): Fault | undefined {
    this.#elements += array.length;
    if (this.#isOverfull()) return faultOf("more members and elements than allowed");
    for (let index = 0; index < array.length; index++) {
      const fault = this.judge(array[index]);
      if (fault) return within(fault, index);
    }
    return undefined;
  }

  #judgeObject(object: Readonly<Record<string, unknown>>): Fault | undefined {
    const keys = Object.keys(object);
    this.members += keys.length;
    if (this.#isOverfull()) return faultOf("more members and elements than allowed");
    for (const key of keys) {
      const value = object[key];
      if (key === "__proto__" || (key === "constructor" && isObject(value) && Object.hasOwn(value, "prototype"))) {
        return faultOf("a key that reaches a prototype");
      }
      const fault = this.#judgeString(key);
      if (fault) return fault;
      const inner = this.judge(value);
      if (inner) return within(inner, key);
    }
    return undefined;
  }

  #isOverfull(): boolean {
    return this.members + this.#elements > this.#maxKeys;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function faultOf(reason: string): Fault {
  return { reason, path: [] };
}

function within(fault: Fault, key: string | number): Fault {
  fault.path.push(key);
  return fault;
}

function toPointerToken(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

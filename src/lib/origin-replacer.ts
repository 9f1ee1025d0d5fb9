import { type ByteReplacer, type Continuation, createByteReplacer, type Replacement } from "./byte-replacer.ts";

/** Puts one origin in place of others, in bytes and in header values. */
export interface OriginReplacer extends ByteReplacer {
  text(value: string): string;
}

/** Makes a replacer of whole origins: `http://cms.example` is not touched in `http://cms.example.org`. */
export function createOriginReplacer(from: readonly string[], to: string): OriginReplacer {
  const replacements = from.filter((origin) => origin !== to).flatMap((origin) => listSpellings(origin, to));
  const replacer = createByteReplacer(replacements, hostContinuation);
  return {
    ...replacer,
    text(value) {
      const bytes = new TextEncoder().encode(value);
      const replaced = replacer.whole(bytes);
      return replaced === bytes ? value : new TextDecoder().decode(replaced);
    },
  };
}

/** An origin as it stands in HTML, in JSON (PHP and script serialisers escape slashes) and inside another URL's query. */
function listSpellings(from: string, to: string): Replacement[] {
  const writings: readonly ((text: string) => string)[] = [
    (text) => text,
    (text) => text.replaceAll("/", "\\/"),
    (text) => text.replaceAll("/", "\\u002F"),
    encodeURIComponent,
  ];
  const withoutScheme = (text: string) => text.slice(text.indexOf("//"));
  return writings.flatMap((write) => [
    { find: write(from), replace: write(to) },
    { find: write(withoutScheme(from)), replace: write(withoutScheme(to)) },
  ]);
}

const [percent, minus, period, colon, at, underscore] = [..."%-.:@_"].map((character) => character.charCodeAt(0));

/** Whether a host name or its port goes on, so that the origin is another one or none (userinfo). */
const hostContinuation: Continuation = {
  lookahead: 4,
  continues(bytes, end) {
    const next = bytes[end];
    if (isDigit(next) || isLetter(next) || next === minus || next === underscore || next === at) return true;
    // A full stop or a colon may also end a sentence.
    if (next === period) return isDigit(bytes[end + 1]) || isLetter(bytes[end + 1]);
    if (next === colon) return isDigit(bytes[end + 1]);
    return next === percent && isEncodedColon(bytes, end) && isDigit(bytes[end + 3]);
  },
};

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

function isEncodedColon(bytes: Uint8Array, start: number): boolean {
  return bytes[start + 1] === 0x33 && ((bytes[start + 2] ?? 0) | 0x20) === 0x61;
}

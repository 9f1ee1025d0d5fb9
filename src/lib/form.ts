import { type Pair, type PairRules, type ParsedPairs, parsePairs, serializePairs } from "./pairs.ts";

const latin1 = new TextDecoder("latin1");

/**
 * Reads an `application/x-www-form-urlencoded` body by the rules for queries, but with room for text areas: as long as
 * the body itself, up to 1000 pairs, line breaks in values.
 */
export function parseForm(bytes: Uint8Array, rules: PairRules = {}): ParsedPairs {
  // Bytes beyond ASCII become characters beyond ASCII, which parsePairs refuses: browsers percent-encode them.
  return parsePairs(latin1.decode(bytes), { maxPairs: 1000, maxLength: bytes.length, multiline: true, ...rules });
}

/** Writes an `application/x-www-form-urlencoded` body. */
export function serializeForm(pairs: readonly Pair[]): Uint8Array {
  return new TextEncoder().encode(serializePairs(pairs));
}

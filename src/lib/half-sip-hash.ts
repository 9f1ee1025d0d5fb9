/** A keyed hash of text to 64 bits: without the key nobody can aim two texts at one value. */
export interface TextHash {
  /** Writes the hash of `text`, as UTF-8, to the first two words of `out`. */
  hash(text: string, out: Uint32Array): void;
}

/**
 * Makes HalfSipHash-2-4 with 64 bits of output, for tables whose keys a client chooses: a plain hash would let an
 * attacker fill one bucket on purpose. It is no cryptographic digest; never use it to prove that content is unchanged.
 * @param key 64 random bits, as two words
 * @see https://github.com/veorq/SipHash
 */
export function createHalfSipHash(key: Uint32Array): TextHash {
  const k0 = (key[0] ?? 0) | 0;
  const k1 = (key[1] ?? 0) | 0;
  return {
    hash(text, out) {
      // Nearly every key is ASCII, where units are bytes; looking first would cost as much as finding out on the way.
      const seen = hashUnits(text, k0, k1, out);
      if (seen > 0x7f) hashUnits(toByteString(text), k0, k1, out);
    },
  };
}

/** UTF-8 as a string of one unit per byte. */
function toByteString(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/**
 * Hashes the units of `text` as bytes and returns all their bits, joined by or: above 255 the hash means nothing. One
 * loop, so that the state stays in registers: this runs on every request that a limit counts.
 */
function hashUnits(text: string, k0: number, k1: number, out: Uint32Array): number {
  const length = text.length;
  const lastWord = length >>> 2;
  let v0 = k0;
  let v1 = k1 ^ 0xee;
  let v2 = 0x6c796765 ^ k0;
  let v3 = 0x74656462 ^ k1;
  let seen = 0;

  // Every turn runs two rounds: one turn for each word of the message, then two for each half of the output.
  for (let turn = 0; turn <= lastWord + 4; turn += 1) {
    let word = 0;
    if (turn < lastWord) {
      const at = turn << 2;
      const a = text.charCodeAt(at);
      const b = text.charCodeAt(at + 1);
      const c = text.charCodeAt(at + 2);
      const d = text.charCodeAt(at + 3);
      seen |= a | b | c | d;
      word = a | (b << 8) | (c << 16) | (d << 24);
    } else if (turn === lastWord) {
      word = length << 24;
      for (let at = turn << 2; at < length; at += 1) {
        const unit = text.charCodeAt(at);
        seen |= unit;
        word |= unit << ((at & 3) << 3);
      }
    }
    v3 ^= word;
    for (let round = 0; round < 2; round += 1) {
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= word;
    if (turn === lastWord) v2 ^= 0xee;
    if (turn === lastWord + 2) {
      out[0] = v1 ^ v3;
      v1 ^= 0xdd;
    }
  }
  out[1] = v1 ^ v3;
  return seen;
}

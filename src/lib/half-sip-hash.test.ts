import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createHalfSipHash } from "./half-sip-hash.ts";

// Published with the algorithm for 64 bits of output: the key is the bytes 0 to 7, the nth input the bytes 0 to n - 1.
const vectors = [
  "218d1f59b9b83cc8 be552412f8387315 064f39ef7c50eb57 ce0f1a45f7060679 d5e78a175be52ea1 cb9d7c3f2f3db580",
  "ce3e91358aa2bc25 ff202728b07bc684 edfee820bce4858c 5b51cccc13888307 95b0469f06a6f2ee ae26333994ddcd48",
  "7bc71f9faef5c799 5a2352d75a0c3744 3bb1a870eae8e658 217d0bcb4e81c902 7336aad25f7bf3b5 37adc0641c4c4f6a",
  "c9b2db2b9a3e42f9 f910e48020ab363c 1bf52b0a6feea7db 00741dc269e8b3ef e20103fa1ba776ef 4c2210e54b681d73",
]
  .join(" ")
  .split(" ");
const publishedKey = [0x03020100, 0x07060504] as const;

function hashOf(text: string, key: readonly [number, number] = publishedKey): string {
  const out = new Uint32Array(2);
  createHalfSipHash(new Uint32Array(key)).hash(text, out);
  const bytes = new DataView(new ArrayBuffer(8));
  out.forEach((word, at) => bytes.setUint32(at * 4, word, true));
  return Buffer.from(bytes.buffer).toString("hex");
}

describe("createHalfSipHash", () => {
  test.each(vectors.map((expected, length) => ({ length, expected })))(
    "hashes $length bytes as published",
    ({ length, expected }) => {
      const text = String.fromCharCode(...Array.from({ length }, (_, byte) => byte));
      expect(hashOf(text)).toBe(expected);
    },
  );

  test("tells keys apart whatever script they are written in", () => {
    const texts = ["alice", "alic\u00e9", "alic\u0165", "\u{1f600}", "\u6c61", "al"];
    expect(new Set(texts.map((text) => hashOf(text))).size).toBe(texts.length);
  });

  test("depends on its key", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer(), (text, a, b) => {
        expect(hashOf(text, [a, b])).not.toBe(hashOf(text, [a, b ^ 1]));
      }),
    );
  });

  test("tells texts of any length and any script apart", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 600 }), fc.string({ unit: "grapheme" }), (text, more) => {
        expect(hashOf(text + more) === hashOf(text)).toBe(more === "");
      }),
    );
  });
});

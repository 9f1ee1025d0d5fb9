import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createByteFinder } from "./byte-finder.ts";

const encoder = new TextEncoder();

function placesOf(texts: readonly string[], bytes: Uint8Array): [number, string][] {
  const places: [number, string][] = [];
  createByteFinder(texts).search(bytes, (at, index) => {
    places.push([at, texts[index] ?? ""]);
    return false;
  });
  return places.sort(([a, one], [b, other]) => a - b || one.localeCompare(other));
}

/** The same by brute force. */
function expectedPlaces(texts: readonly string[], bytes: Uint8Array): [number, string][] {
  const whole = Buffer.from(bytes);
  const places = texts.flatMap((text) => {
    const found: [number, string][] = [];
    for (let at = whole.indexOf(text); at >= 0; at = whole.indexOf(text, at + 1)) found.push([at, text]);
    return found;
  });
  return places.sort(([a, one], [b, other]) => a - b || one.localeCompare(other));
}

describe("createByteFinder", () => {
  test("finds each text wherever it stands, overlapping ones too", () => {
    expect(placesOf(["abab", "baba"], encoder.encode("xababab"))).toEqual([
      [1, "abab"],
      [2, "baba"],
      [3, "abab"],
    ]);
    expect(placesOf(["ghp_", "pässwört"], encoder.encode("ghp_ pässwört"))).toEqual([
      [0, "ghp_"],
      [5, "pässwört"],
    ]);
  });

  test("finds what a search for one text after the other finds", () => {
    // Few letters, so that texts overlap, repeat and begin alike.
    const letters = (minLength: number, maxLength: number) =>
      fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength, maxLength });
    const texts = fc.uniqueArray(letters(2, 9), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(texts, letters(0, 80), (wanted, text) => {
        const bytes = encoder.encode(text);
        expect(placesOf(wanted, bytes)).toEqual(expectedPlaces(wanted, bytes));
      }),
      { numRuns: 2000 },
    );
  });

  test("stops when it is told that this was enough", () => {
    let calls = 0;
    expect(createByteFinder(["ab"]).search(encoder.encode("ababab"), () => (calls += 1) === 2)).toBe(true);
    expect(calls).toBe(2);
  });

  test.each([
    ["xxsec", 3],
    ["xxsecre", 5],
    ["secres", 1],
    ["s", 1],
    ["xss", 1],
    ["secsec", 3],
    ["", 0],
    ["nothing", 0],
    // Of two that may begin, the earlier one counts.
    ["tossec", 6],
  ])("%j may end in the beginning of a text, %i bytes long", (text, length) => {
    expect(createByteFinder(["secret", "tossecco"]).beginningAtEnd(encoder.encode(text))).toBe(length);
  });

  test("without texts there is nothing to find", () => {
    const none = createByteFinder([]);
    expect(none.search(encoder.encode("abc"), () => true)).toBe(false);
    expect(none.beginningAtEnd(encoder.encode("abc"))).toBe(0);
  });

  test("takes time in proportion to the input, even where a text nearly stands everywhere", () => {
    const finder = createByteFinder([`${"a".repeat(60)}b`]);
    const cost = (length: number) => {
      const bytes = new Uint8Array(length).fill(97);
      const start = performance.now();
      finder.search(bytes, () => true);
      return performance.now() - start;
    };
    cost(100_000);
    expect(cost(2_000_000)).toBeLessThan(2000);
  });
});

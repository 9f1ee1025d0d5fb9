import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parsePairs, reachesPrototype, serializePairs } from "./pairs.ts";

describe("parsePairs", () => {
  test("gives the text back as it was where that is its only spelling", () => {
    expect(parsePairs("a=1&b=x-y_z.~")).toMatchObject({ text: "a=1&b=x-y_z.~" });
  });

  test("takes line breaks in values only where told, and never in names", () => {
    expect(parsePairs("a=x%0D%0Ay")).toEqual({ refused: "a control character in a value" });
    expect(parsePairs("a=x%0D%0Ay", { multiline: true })).toMatchObject({ pairs: [["a", "x\r\ny"]] });
    expect(parsePairs("a=%00", { multiline: true })).toEqual({ refused: "a control character in a value" });
    expect(parsePairs("a%0A=x", { multiline: true })).toEqual({ refused: "a control character in a name" });
  });

  test("reads what serializePairs writes, whatever the names and values hold", () => {
    const text = (minLength: number) =>
      fc.string({ unit: "grapheme", minLength }).filter((x) => !/[\u0000-\u001f\u007f-\u009f]/.test(x));
    const rules = { mayRepeat: () => true, maxLength: 1_000_000 };
    fc.assert(
      fc.property(fc.array(fc.tuple(text(1), text(0))), (pairs) => {
        fc.pre(!pairs.some(([name]) => reachesPrototype(name)));
        const written = serializePairs(pairs);
        expect(parsePairs(written, rules)).toEqual({ pairs, text: written });
      }),
    );
  });
});

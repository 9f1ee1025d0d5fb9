import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

describe("parseByteRange", () => {
  test.each([
    ["bytes=0-9", { start: 0, end: 10 }],
    ["bytes=0-0", { start: 0, end: 1 }],
    ["bytes=99-", { start: 99, end: 100 }],
    ["bytes=90-1000", { start: 90, end: 100 }],
    ["bytes=-1", { start: 99, end: 100 }],
    ["bytes=-1000", { start: 0, end: 100 }],
    ["Bytes=5-5 ", { start: 5, end: 6 }],
  ])("%s of 100 bytes", (field, range) => expect(parseByteRange(field, 100)).toEqual(range));

  test.each(["bytes=100-", "bytes=100-200", "bytes=999999999999999-", "bytes=-0"])(
    "%s of 100 bytes is unsatisfiable",
    (field) => expect(parseByteRange(field, 100)).toBe("unsatisfiable"),
  );

  test("nothing of an empty file can be had", () => {
    expect(parseByteRange("bytes=0-", 0)).toBe("unsatisfiable");
    expect(parseByteRange("bytes=-5", 0)).toBe("unsatisfiable");
  });

  test.each([
    "",
    "bytes",
    "bytes=",
    "bytes=-",
    "bytes=a-b",
    "bytes=5-4",
    "bytes=0-1,3-4",
    "bytes=0-,0-,0-,0-",
    "items=0-1",
    "bytes=1.5-2",
    "bytes= 0-1",
    "bytes=-1-2",
    "bytes=0x1-2",
    "bytes=9999999999999999-",
  ])("%j asks for no part that is understood, so the whole is sent", (field) =>
    expect(parseByteRange(field, 100)).toBeUndefined(),
  );

  test("a range is never empty and never outside, whatever is asked for", () => {
    const bound = fc.option(fc.nat({ max: 300 }), { nil: "" });
    fc.assert(
      fc.property(bound, bound, fc.nat({ max: 200 }), (first, last, size) => {
        const range = parseByteRange(`bytes=${first}-${last}`, size);
        if (typeof range !== "object") return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(size);
      }),
    );
  });
});

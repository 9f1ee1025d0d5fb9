import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonLimits, parseJson } from "./json.ts";

const limits: JsonLimits = { maxDepth: 8, maxKeys: 100, maxStringLength: 1000 };
const roomy: JsonLimits = { maxDepth: 1000, maxKeys: 1_000_000 };

/** What is refused on purpose although JSON.parse reads it: prototype keys, and digits enough for 2^53. */
const outsideIJson = /__proto__|prototype|\d{16}/;

function parse(text: string, within: JsonLimits = limits) {
  return parseJson(new TextEncoder().encode(text), within);
}

describe("parseJson", () => {
  test.each([
    ["null", null],
    [" \t\r\n{} ", {}],
    ['{"a":[1,-2.5e3,"x\\u00e9\\n",true,null]}', { a: [1, -2500, "xé\n", true, null] }],
    ['{"a":{"a":1},"b":{"a":2}}', { a: { a: 1 }, b: { a: 2 } }],
    ['{"a":":,{[","b\\"":1}', { a: ":,{[", 'b"': 1 }],
    ["9007199254740991", 9_007_199_254_740_991],
    ["-9007199254740991", -9_007_199_254_740_991],
    ["1e300", 1e300],
    ["0.12345678901234567890", 0.123_456_789_012_345_68],
    ['"\\ud83d\\ude00"', "😀"],
    ['{"constructor":"Acme Ltd"}', { constructor: "Acme Ltd" }],
  ])("reads %s", (text, value) => {
    expect(parse(text)).toEqual({ value });
  });

  test.each([
    ["", "not valid JSON"],
    ["{", "not valid JSON"],
    ["{} {}", "not valid JSON"],
    ["{}x", "not valid JSON"],
    ["[1,]", "not valid JSON"],
    ["{a:1}", "not valid JSON"],
    ["{'a':1}", "not valid JSON"],
    ["// c\n1", "not valid JSON"],
    ["NaN", "not valid JSON"],
    ["Infinity", "not valid JSON"],
    ["01", "not valid JSON"],
    [".5", "not valid JSON"],
    ["+1", "not valid JSON"],
    ["0x10", "not valid JSON"],
    ['"a\u0000"', "not valid JSON"],
    ['"a\n"', "not valid JSON"],
    ['"\\x41"', "not valid JSON"],
    ['"open', "not valid JSON"],
    ['"open\\', "not valid JSON"],
    ["\ufeff{}", "a byte order mark"],
    ["\u00a0{}", "not valid JSON"],
    ['{"role":"user","role":"admin"}', "a key given twice"],
    ['{"role":"user","r\\u006fle":"admin"}', "a key given twice"],
    ['[{"x":{"a":1,"b":2,"a":3}}]', "a key given twice"],
    ["9007199254740992", "an integer beyond 2^53-1"],
    ["[-9007199254740993]", "an integer beyond 2^53-1"],
    [`1${"0".repeat(400)}`, "an integer beyond 2^53-1"],
    ["[[[[[[[[[]]]]]]]]]", "nested deeper than allowed"],
    [`[${"0,".repeat(100)}0]`, "more members and elements than allowed"],
  ])("refuses %j", (text, malformed) => {
    expect(parse(text)).toEqual({ malformed });
  });

  test.each([
    ['{"a":[{"__proto__":{"admin":true}}]}', "a key that reaches a prototype", "/a/0"],
    ['{"\\u005f_proto__":1}', "a key that reaches a prototype", ""],
    ['{"constructor":{"prototype":{}}}', "a key that reaches a prototype", ""],
    ['{"a/b":{"c~d":1e400}}', "a number beyond the double range", "/a~1b/c~0d"],
    ['["","\\ud800"]', "a lone surrogate", "/1"],
    ['{"\\udc00":1}', "a lone surrogate", ""],
    [`{"a":"${"x".repeat(1001)}"}`, "a string longer than allowed", "/a"],
    [`{"${"x".repeat(1001)}":1}`, "a string longer than allowed", ""],
    [`[${"[[]],".repeat(60)}[]]`, "more members and elements than allowed", "/39"],
  ])("refuses %s and says where", (text, malformed, pointer) => {
    expect(parse(text)).toEqual({ malformed, pointer });
  });

  test.each([
    ["an invalid byte", [0x22, 0xff, 0x22]],
    ["an over-long form", [0x22, 0xc0, 0xaf, 0x22]],
    ["a surrogate in UTF-8", [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ["a cut character", [0x22, 0xc3, 0x22]],
  ])("refuses %s", (_, bytes) => {
    expect(parseJson(Uint8Array.from(bytes), limits)).toEqual({ malformed: "not valid UTF-8" });
  });

  test("refuses UTF-16, which some parsers detect", () => {
    expect(parseJson(new Uint8Array(Buffer.from('{"a":1}', "utf16le")), limits)).toEqual({
      malformed: "not valid JSON",
    });
  });

  test("counts up to its limits and no further", () => {
    expect(parse(`[${"0,".repeat(99)}0]`).malformed).toBeUndefined();
    expect(parse("[[[[[[[[]]]]]]]]").malformed).toBeUndefined();
  });

  test("gives up on a million brackets before it parses them", () => {
    expect(parse("[".repeat(1_000_000))).toEqual({ malformed: "nested deeper than allowed" });
    expect(parse('{"a":'.repeat(200_000))).toEqual({ malformed: "nested deeper than allowed" });
  });

  test("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: "grapheme" }), (text) => {
        fc.pre(!outsideIJson.test(text));
        expect(parse(text, roomy)).toEqual({ value: JSON.parse(text) });
      }),
      { numRuns: 500 },
    );
  });

  test("takes nothing that JSON.parse refuses", () => {
    const soup = fc.array(fc.constantFrom(...'[]{},:"\\u0019-.eE tn', "null", '"a":', '"b"'), { maxLength: 16 });
    fc.assert(
      fc.property(soup, (parts) => {
        const text = parts.join("");
        const result = parse(text, roomy);
        if (result.malformed === undefined) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  test("finds a duplicate wherever it hides", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }),
        fc.jsonValue(),
        (object, value) => {
          const text = JSON.stringify(object);
          const key = JSON.stringify(Object.keys(object)[0]);
          const doubled = `[${text.slice(0, -1)},${key}:${JSON.stringify(value)}}]`;
          fc.pre(!outsideIJson.test(doubled));
          expect(parse(doubled, roomy)).toEqual({ malformed: "a key given twice" });
        },
      ),
    );
  });
});

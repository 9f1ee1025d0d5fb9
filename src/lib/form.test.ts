import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseForm, serializeForm } from "./form.ts";

const encode = (text: string) => new TextEncoder().encode(text);

describe("parseForm", () => {
  test("reads what a browser sends", () => {
    expect(parseForm(encode("name=Zo%C3%AB+M&text=a%0D%0Ab&ok="))).toEqual({
      pairs: [
        ["name", "Zoë M"],
        ["text", "a\r\nb"],
        ["ok", ""],
      ],
      text: "name=Zo%C3%AB%20M&text=a%0D%0Ab&ok=",
    });
  });

  test.each([
    ["a=1&a=2", "a name given twice"],
    ["a=1&", "an empty name"],
    ["a=Zoë", "a character that has to be percent-encoded"],
    ["a=1\n", "a character that has to be percent-encoded"],
    ["a=%ff", "invalid percent-encoding or UTF-8"],
    ["__proto__=1", "a name that reaches a prototype"],
  ])("refuses %j", (text, refused) => {
    expect(parseForm(encode(text))).toEqual({ refused });
  });

  test("refuses every byte beyond ASCII", () => {
    for (let byte = 0x80; byte <= 0xff; byte++) {
      expect(parseForm(Uint8Array.of(0x61, 0x3d, byte)).refused).toBeDefined();
    }
  });

  test("reads what serializeForm writes", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: "grapheme" })), (fields) => {
        const pairs = Object.entries(fields).filter(([name]) => !/proto/.test(name));
        fc.pre(!/[\u0080-\u009f]/.test(JSON.stringify(pairs)));
        expect(parseForm(serializeForm(pairs))).toMatchObject({ pairs });
      }),
    );
  });
});

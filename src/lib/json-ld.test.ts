import fc from "fast-check";
import { expect, test } from "vitest";
import { JSDOM, VirtualConsole } from "jsdom";
import { jsonLd, jsonLdElement } from "./json-ld.ts";

test("writes what would end or open something as escapes, and reads as the same data", () => {
  expect(jsonLd({ name: "</script><!-- & \u2028\u2029" })).toBe(
    '{"name":"\\u003c/script\\u003e\\u003c!-- \\u0026 \\u2028\\u2029"}',
  );
});

test("any data comes out of a page as it went in, and the element ends where it should", () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.jsonValue(), fc.constantFrom("</script>", "<!--<script>", "]]>", "</SCRIPT >")),
      (value) => {
        const { window } = new JSDOM(`<body>${jsonLdElement({ value })}<i></i></body>`, {
          virtualConsole: new VirtualConsole(),
        });
        const { body } = (
          window as {
            readonly document: { readonly body: { readonly children: ArrayLike<{ readonly textContent: string }> } };
          }
        ).document;
        expect(body.children.length).toBe(2);
        expect(JSON.parse(body.children[0]?.textContent ?? "")).toEqual(JSON.parse(JSON.stringify({ value })));
      },
    ),
    { numRuns: 60 },
  );
});

test.each([undefined, () => 1, Symbol("x")])("refuses what JSON cannot hold: %s", (value) => {
  expect(() => jsonLd(value)).toThrow(TypeError);
});

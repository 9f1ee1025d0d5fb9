import fc from "fast-check";
import { expect, test } from "vitest";
import { filterStyle } from "./style.ts";

const properties = new Set(["color", "width", "font-family", "text-align"]);

test.each<[style: string, kept: string]>([
  ["color: red", "color: red"],
  ["COLOR:Red ; width : 50% ;", "color: Red; width: 50%"],
  ["color: rgb(1, 2, 3); width: calc(100% - 2px)", "color: rgb(1, 2, 3); width: calc(100% - 2px)"],
  [`font-family: "Open Sans", 'Arial', serif`, `font-family: "Open Sans", 'Arial', serif`],
  ["color: red !important", "color: red"],
  ["position: fixed; color: red", "color: red"],
  ["color: url(https://evil.example/)", ""],
  ["color: \\75rl(x)", ""],
  ["color: red/**/", ""],
  ["width: expression(hit())", ""],
  ["width: attr(data-x)", ""],
  ["color: var(--x)", ""],
  ["color: red} body{color: blue", ""],
  ["font-family: 'x; color: red", "color: red"],
  ["width: calc(1px; color: red", "color: red"],
  ["color", ""],
  ["", ""],
  [`color: ${"a".repeat(201)}`, ""],
])("of %j stays %j", (style, kept) => expect(filterStyle(style, properties)).toBe(kept));

test("what stays, stays, and names no place", () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("color", "width", "font-family"), (value, property) => {
      const kept = filterStyle(`${property}:${value}`, properties);
      expect(filterStyle(kept, properties)).toBe(kept);
      expect(kept).not.toMatch(/url|[\\@{}<>]|\/\*/i);
    }),
  );
});

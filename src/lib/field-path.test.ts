import { expect, test } from "vitest";
import { parseFieldPath } from "./field-path.ts";

test.each<[path: string, steps: string]>([
  ["body", "body"],
  ["author.bio", "author bio"],
  ["blocks[].html", "blocks [] html"],
  ["[].text", "[] text"],
  ["[][]", "[] []"],
  ["rows[][]", "rows [] []"],
  ["translations.*.body", "translations * body"],
  ["*[].html", "* [] html"],
  ["with space.$ref", "with space $ref"],
])("%s leads by way of %s", (path, steps) => {
  const said = parseFieldPath(path).map((step) =>
    step.kind === "member" ? step.name : step.kind === "each" ? "[]" : "*",
  );
  expect(said.join(" ")).toBe(steps);
});

test.each(["", ".", "a.", ".a", "a..b", "a[0]", "a[", "a]", "a[]b", "a.[].b", "a*", "**", "*.*b", "a[].[]"])(
  '"%s" is no path',
  (path) => expect(() => parseFieldPath(path)).toThrow(`"${path}" is not the path of a field`),
);

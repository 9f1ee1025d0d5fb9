import { describe, expect, test } from "vitest";
import { findLeak, leakShapes } from "./leaks.ts";

describe.each(leakShapes)("$name", ({ name, pattern, found, spared }) => {
  test.each(found)("is found in %j", (text) => {
    expect(pattern.test(text)).toBe(true);
    expect(findLeak(`before ${text} after`)).toBeDefined();
  });

  test.each(spared)("is not found in %j", (text) => expect([name, findLeak(text)]).toEqual([name, undefined]));
});

test("a problem document of the gateway's own tells nothing", () => {
  expect(
    findLeak('{"type":"urn:headgate:problem:internal-error","title":"Something went wrong.","status":500}'),
  ).toBeUndefined();
});

test("a megabyte that nearly matches is judged: quadratic patterns would not come to an end here", () => {
  for (const part of ["at ", 'File "', "select ", "#1 ", "Warning: ", 'near "', "at a(", "at a.b(c.java:", " in "]) {
    expect(findLeak(part.repeat(1_000_000 / part.length))).toBeUndefined();
  }
});

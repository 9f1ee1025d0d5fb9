import { describe, expect, test } from "vitest";
import { isToken, parseParameters } from "./parameters.ts";

describe("parseParameters", () => {
  test.each([
    ["", {}],
    [";", {}],
    ["; charset=utf-8", { charset: "utf-8" }],
    [";Charset=UTF-8 ;\tq=1", { charset: "UTF-8", q: "1" }],
    ['; a="x; y=\\"z\\""', { a: 'x; y="z"' }],
    ['; a=""', { a: "" }],
    ["; a=1;", { a: "1" }],
  ])("reads %j", (text, expected) => {
    expect(Object.fromEntries(parseParameters(text, 0) ?? [["", "refused"]])).toEqual(expected);
  });

  test.each([
    " a=1",
    "; a",
    "; a=",
    "; a =1",
    "; a= 1",
    '; a="x',
    '; a="x"y',
    "; a=b c",
    "; a=1; A=2",
    "; a=1, b=2",
    '; a="\u0000"',
  ])("refuses %j", (text) => {
    expect(parseParameters(text, 0)).toBeUndefined();
  });

  test("takes no longer for a text made to confuse it", () => {
    expect(parseParameters(`; a="${"\\".repeat(100_001)}`, 0)).toBeUndefined();
    expect(parseParameters("; ".repeat(100_000), 0)?.size).toBe(0);
  });
});

describe("isToken", () => {
  test.each([
    ["x-api-client", true],
    ["", false],
    ["a b", false],
    ["a\n", false],
    ["é", false],
  ])("says of %j: %s", (text, expected) => {
    expect(isToken(text)).toBe(expected);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJson, isUtf8, matchesMediaType, parseMediaType } from "./media-type.ts";

describe("parseMediaType", () => {
  test.each([
    ["application/json", "application/json", {}],
    ["Application/JSON; Charset=UTF-8", "application/json", { charset: "UTF-8" }],
    ["text/html ;charset=utf-8", "text/html", { charset: "utf-8" }],
    ['multipart/form-data; boundary="a b"', "multipart/form-data", { boundary: "a b" }],
  ])("reads %s", (text, essence, parameters) => {
    const mediaType = parseMediaType(text);
    expect(mediaType?.essence).toBe(essence);
    expect(Object.fromEntries(mediaType?.parameters ?? [])).toEqual(parameters);
  });

  test.each([
    "",
    "json",
    "/json",
    "application/",
    "application/json/x",
    " application/json",
    "application /json",
    "application/json, text/plain",
    "application/json; charset=utf-8, text/plain",
    "application/json; charset=utf-8; charset=utf-7",
    "application/json; charset",
    "application/json\u0000",
  ])("refuses %j", (text) => {
    expect(parseMediaType(text)).toBeUndefined();
  });

  test("never throws and always gives a type and a subtype", () => {
    const text = fc
      .array(fc.constantFrom(...'ab/;= "\\,\t', "charset", "json"), { maxLength: 12 })
      .map((x) => x.join(""));
    fc.assert(fc.property(text, (input) => /^[^/\s;]+\/[^/\s;]+$/.test(parseMediaType(input)?.essence ?? "a/b")));
  });
});

describe("matchesMediaType", () => {
  test.each([
    ["image/png", "image/png", true],
    ["image/png", "IMAGE/*", true],
    ["image/png", "image/jpeg", false],
    ["image/png", "*/*", true],
    ["imagex/png", "image/*", false],
    ["application/ld+json", "application/*+json", true],
    ["application/json", "application/*+json", false],
  ])("%s falls under %s: %s", (essence, pattern, expected) => {
    expect(matchesMediaType(essence, pattern)).toBe(expected);
  });
});

describe("isJson and isUtf8", () => {
  test.each([
    ["application/json", true, true],
    ["application/problem+json; charset=UTF-8", true, true],
    ["application/json; charset=utf-16", true, false],
    ["application/jsonp", false, true],
    ["text/json", false, true],
  ])("judge %s", (text, json, utf8) => {
    const mediaType = parseMediaType(text);
    expect(mediaType && isJson(mediaType)).toBe(json);
    expect(mediaType && isUtf8(mediaType)).toBe(utf8);
  });
});

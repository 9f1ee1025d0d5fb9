import { expect, test } from "vitest";
import { readCookie, withoutCookies } from "./cookie.ts";

test.each([
  ["a=1; b=2", "b", "2"],
  ["a=1;b=2", "b", "2"],
  ["a=1; b=x=y", "b", "x=y"],
  ["b=", "b", ""],
  ["B=2", "b", undefined],
  ["ab=2; b", "b", undefined],
  ["b=1; b=2", "b", undefined],
  ["b=1; b=1", "b", undefined],
  ["", "b", undefined],
])("of %j, %s is %j", (field, name, value) => expect(readCookie(field, name)).toBe(value));

test("what is taken out leaves the others as they were", () => {
  const isOwn = (name: string) => name.startsWith("own");
  expect(withoutCookies("own-a=1; theme=dark; own-b=2; lang=de", isOwn)).toBe("theme=dark; lang=de");
  expect(withoutCookies("own-a=1", isOwn)).toBeUndefined();
});

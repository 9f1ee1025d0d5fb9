import { expect, test } from "vitest";
import { HeaderList } from "./header-list.ts";

test("set replaces every field of the name and keeps the others in order", () => {
  const headers = new HeaderList(["a", "1", "b", "2", "a", "3", "c", "4", "a", "5"]);
  headers.set("a", "9");
  expect(headers.flat).toEqual(["a", "9", "b", "2", "c", "4"]);
});

test("delete removes every field of the name", () => {
  const headers = new HeaderList(["a", "1", "b", "2", "a", "3"]);
  headers.delete("a");
  expect(headers.flat).toEqual(["b", "2"]);
  headers.delete("missing");
  expect(headers.flat).toEqual(["b", "2"]);
});

test("a value is never taken for a name", () => {
  const headers = new HeaderList(["x", "a", "a", "1"]);
  expect(headers.get("a")).toBe("1");
  headers.delete("a");
  expect(headers.flat).toEqual(["x", "a"]);
});

test("a token is added once, whatever its case", () => {
  const headers = new HeaderList(["vary", "Accept, ORIGIN"]);
  headers.addToken("vary", "Origin");
  headers.addToken("vary", "Cookie");
  expect(headers.get("vary")).toBe("Accept, ORIGIN, Cookie");
});

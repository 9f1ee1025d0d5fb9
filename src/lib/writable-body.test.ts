import { describe, expect, test } from "vitest";
import { readWritableBody } from "./writable-body.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const form = "application/x-www-form-urlencoded";

function write(text: string, type: string, change: (value: Record<string, unknown>) => unknown): string {
  const body = readWritableBody(bytes(text), type);
  if (body.kind !== "writable") throw new Error(body.kind);
  return new TextDecoder().decode(body.write(change(body.value as Record<string, unknown>)));
}

test("JSON is written as another value", () => {
  expect(write('{"a": 1}', "application/json; charset=utf-8", (value) => ({ ...value, b: 2 }))).toBe('{"a":1,"b":2}');
  expect(write('{"a": 1}', "application/vnd.api+json", (value) => value)).toBe('{"a":1}');
});

test("a form keeps its order, and each text of a name that repeats", () => {
  expect(
    write("b=1&a=x&b=2", form, ({ a, b }) => ({ a: `${a}!`, b: (b as string[]).map((text) => text + text) })),
  ).toBe("b=11&a=x!&b=22");
});

test("a name that objects have by themselves is a name like any other", () => {
  expect(write("toString=x&valueOf=y", form, (value) => value)).toBe("toString=x&valueOf=y");
});

describe("refuses", () => {
  test.each([
    ['{"a":1,"a":2}', "application/json"],
    ["{", "application/json"],
    ["a=%zz", form],
    ["__proto__=x", form],
    ["x", "multipart/form-data"],
    ["x", "multipart/form-data; boundary=y"],
  ])("%j as %s", (text, type) => expect(readWritableBody(bytes(text), type).kind).toBe("malformed"));

  test.each(["text/html", "text/plain", "application/xml", "", "application/json, text/html"])("to know %j", (type) =>
    expect(readWritableBody(bytes("{}"), type).kind).toBe("foreign"),
  );
});

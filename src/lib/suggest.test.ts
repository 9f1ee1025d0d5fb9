import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const keys = ["access", "body", "cors", "limit", "params", "query", "response", "sanitize", "to", "upstreams"];

describe("suggest", () => {
  test.each([
    ["acces", "access"],
    ["acess", "access"],
    ["accses", "access"],
    ["Access", "access"],
    ["boddy", "body"],
    ["bdoy", "body"],
    ["cros", "cors"],
    ["limits", "limit"],
    ["quary", "query"],
    ["sanitise", "sanitize"],
    ["upstream", "upstreams"],
    ["too", "to"],
  ])("takes %s for %s", (unknown, meant) => {
    expect(suggest(unknown, keys)).toBe(meant);
  });

  test.each(["", "x", "zz", "timeout", "authentication", "rate"])("has nothing to suggest for %j", (unknown) => {
    expect(suggest(unknown, keys)).toBeUndefined();
  });

  test("prefers the nearest word", () => {
    expect(suggest("headrs", ["readers", "headers"])).toBe("headers");
  });

  test("finds a word after one letter is lost, doubled or swapped", () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys.filter((key) => key.length > 3)), fc.nat(), (key, seed) => {
        const at = seed % (key.length - 1);
        const [a = "", b = ""] = [key[at], key[at + 1]];
        const rest = key.slice(at + 2);
        for (const middle of [b, a + a + b, b + a]) expect(suggest(key.slice(0, at) + middle + rest, keys)).toBe(key);
      }),
    );
  });

  test("does not work hard on an endless word", () => {
    expect(suggest("x".repeat(100_000), keys)).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, cleanUrl } from "./clean.ts";

const invisible = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe("cleanText", () => {
  test.each([
    ["plain words", "plain words"],
    ["  a\r\nb\tc\u0000d ", "a b c d"],
    ["\u001b[31mred\u001b[0m", "[31mred [0m"],
    ["abc\u202egpj.exe", "abc gpj.exe"],
    ["see https://a.example/x?token=1#y then go", "see https://a.example/x then go"],
    ["wss://a.example/socket?key=1", "wss://a.example/socket"],
    ["Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "Bearer …"],
    ["order 0190f3c2-7a54-7cc1-8f36-5b1f5a1c9e42 failed", "order … failed"],
    ["key 4f9a8b7c6d5e4f3a2b1c0d9e is bad", "key … is bad"],
    ["internationalization has no digits", "internationalization has no digits"],
    ["line 12345678901234567890", "line 12345678901234567890"],
  ])("%j becomes %j", (text, expected) => expect(cleanText(text, 200)).toBe(expected));

  test("cuts between characters and says that it did", () => {
    expect(cleanText("abcdef", 4)).toBe("abc…");
    expect(cleanText("ab😀cd", 4).isWellFormed()).toBe(true);
  });

  test("never gives back more than asked for, an invisible character or half of one, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), fc.integer({ min: 1, max: 100 }), (text, most) => {
        const clean = cleanText(text, most);
        expect(clean.length).toBeLessThanOrEqual(most);
        expect(clean).not.toMatch(invisible);
        expect(clean.isWellFormed()).toBe(true);
      }),
    );
  });

  test("takes the same time for a text of a megabyte as for one of a screen", () => {
    const started = performance.now();
    for (const piece of ["http://", "eyJ", "a1", "\u200b", "x://y"]) cleanText(piece.repeat(300_000), 200);
    expect(performance.now() - started).toBeLessThan(200);
  });
});

describe("cleanUrl", () => {
  test.each([
    ["https://a.example/b/c?d#e", "https://a.example", "/b/c"],
    ["HTTPS://User:Pass@A.Example:443/", "https://a.example", ""],
    ["https://bücher.example/x", "https://xn--bcher-kva.example", "/x"],
    ["http://[::1]:3000/x", "http://[::1]:3000", "/x"],
    ["wss://a.example:8443/x", "wss://a.example:8443", "/x"],
    ["data:text/html,<script>secret</script>", "data:", ""],
    ["blob:https://a.example/0190f3c2", "blob:", ""],
    ["https://a.example/reset/0190f3c2-7a54-7cc1-8f36-5b1f5a1c9e42", "https://a.example", "/reset/…"],
    [`data:${"x".repeat(100_000)}`, "data:", ""],
  ])("%j is %j and %j", (text, origin, path) => expect(cleanUrl(text)).toEqual({ origin, path }));

  // The URL standard takes these for hosts; in a policy they would be another directive, a wildcard or the end of a text.
  test.each([
    ["a directive", "https://a;script-src.example/"],
    ["a star", "https://*.example/"],
    ["a comma", "https://a,b.example/"],
    ["a quote", 'https://a".example/'],
    ["an apostrophe", "https://a'.example/"],
    ["a back quote", "https://a`.example/"],
    ["a brace", "https://${a}.example/"],
    ["a relative address", "/x"],
    ["nothing", ""],
    ["words", "not an address"],
  ])("%s is none", (_name, text) => expect(cleanUrl(text)).toBeUndefined());

  test("never gives back a query, a fragment or a user name, for any address", () => {
    fc.assert(
      fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (address) => {
        const clean = cleanUrl(address.replace("://", "://user:pass@"));
        expect(clean?.origin).not.toMatch(/[?#@]|pass/);
        expect(clean?.path).not.toMatch(/[?#]/);
      }),
    );
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { candidatesFor, isServed, pathOf, toFileNames, uncoded } from "./static-directory-path.ts";

describe("toFileNames", () => {
  test.each([
    ["/", [""]],
    ["/a/b.js", ["a", "b.js"]],
    ["/a/", ["a", ""]],
    ["/caf%C3%A9%20menu.pdf", ["café menu.pdf"]],
    ["/100%25.txt", ["100%.txt"]],
    ["/.well-known/security.txt", [".well-known", "security.txt"]],
  ])("%s", (path, names) => expect(toFileNames(path)).toEqual(names));

  test.each([
    "/../etc/passwd",
    "/a/../../etc/passwd",
    "/%2e%2e/etc/passwd",
    "/..%2fetc/passwd",
    "/a%2f..%2f..%2fetc%2fpasswd",
    "/..%5c..%5cwindows",
    "/a\\b",
    "/%00",
    "/a%00.html",
    "/a%0a",
    "/./a",
    "/a//b",
    "//etc/passwd",
    "/a/.",
    "/a/..",
    "/c:",
    "/a.html::$DATA",
    "/a.html.",
    "/a.html%20",
    "/%ff",
    "/%",
  ])("%s is no file name", (path) => expect(toFileNames(path)).toBeUndefined());

  test("never gives a name that is more than a name, whatever is encoded", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" }), { minLength: 1 }), (segments) => {
        const names = toFileNames(`/${segments.map((text) => encodeURIComponent(text.toWellFormed())).join("/")}`);
        for (const name of names ?? []) expect(name).not.toMatch(/[/\\\0:]|^\.\.?$/);
      }),
    );
  });
});

describe("isServed", () => {
  test.each([["app.js"], ["a/b/c.html"], [".well-known/security.txt"], ["map.html"], ["treasure.map.html"]])(
    "%s is",
    (path) => expect(isServed(path.split("/"), false)).toBe(true),
  );

  test.each([
    [".env"],
    [".git/config"],
    ["a/.htpasswd"],
    ["a/.well-known/x"],
    [".well-known/.secret"],
    ["app.js.map"],
    ["app.js.MAP"],
    ["app.js.map.br"],
    ["app.js.map.gz"],
  ])("%s is not", (path) => expect(isServed(path.split("/"), false)).toBe(false));

  test("source maps are where the policy says so, hidden files never", () => {
    expect(isServed(["app.js.map"], true)).toBe(true);
    expect(isServed([".app.js.map"], true)).toBe(false);
  });
});

test.each([
  [["app.js.br"], ["app.js"]],
  [
    ["a", "b.tar.gz"],
    ["a", "b.tar"],
  ],
  [["app.js"], undefined],
  [[""], undefined],
])("%j is a twin of %j", (names, file) => expect(uncoded(names)).toEqual(file));

describe("candidatesFor", () => {
  const clean = { cleanUrls: true, trailingSlash: "never" } as const;
  const slashed = { cleanUrls: true, trailingSlash: "always" } as const;
  const plain = { cleanUrls: false, trailingSlash: "never" } as const;
  const candidates = (path: string, how: Parameters<typeof candidatesFor>[1]) =>
    candidatesFor(toFileNames(path) ?? [], how).map(({ names, path: own }) => `${names.join("/")} at ${own}`);

  test.each([
    ["/", clean, ["index.html at /"]],
    ["/about", clean, ["about at /about", "about.html at /about", "about/index.html at /about"]],
    ["/about/", clean, ["about.html at /about", "about/index.html at /about"]],
    ["/about.html", clean, ["about.html at /about"]],
    ["/about/index.html", clean, ["about/index.html at /about"]],
    ["/index.html", clean, ["index.html at /"]],
    ["/index", clean, ["index at /index", "index.html at /", "index/index.html at /index"]],
    ["/blog/index/", clean, ["blog/index.html at /blog", "blog/index/index.html at /blog/index"]],
    ["/about", slashed, ["about at /about", "about.html at /about/", "about/index.html at /about/"]],
    ["/about/", slashed, ["about.html at /about/", "about/index.html at /about/"]],
    ["/index.html", slashed, ["index.html at /"]],
    ["/app.js", slashed, ["app.js at /app.js", "app.js.html at /app.js/", "app.js/index.html at /app.js/"]],
    ["/about", plain, ["about at /about"]],
    ["/about/", plain, ["about/index.html at /about/"]],
    ["/about.html", plain, ["about.html at /about.html"]],
    ["/about/index.html", plain, ["about/index.html at /about/"]],
    ["/index.html", plain, ["index.html at /"]],
  ] as const)("%s with %j", (path, how, expected) => expect(candidates(path, how)).toEqual(expected));

  test("each file has one path only, whatever spelling it is asked by", () => {
    const segment = fc.constantFrom("a", "b.html", "index.html", "c d", "index", "é.html", "x.js");
    const how = fc.constantFrom(clean, slashed, plain);
    const path = fc.tuple(fc.array(segment, { minLength: 1, maxLength: 3 }), fc.constantFrom("", "/"));
    const own = new Map<string, string>();
    fc.assert(
      fc.property(path, how, ([segments, end], options) => {
        const names = [...segments, ...(end === "" ? [] : [""])];
        for (const candidate of candidatesFor(names, options)) {
          const key = `${candidate.names.join("/")} ${options.cleanUrls} ${options.trailingSlash}`;
          // A page named like a file's name without its ending may stand behind two, but each time at one place.
          const known = own.get(key) ?? candidate.path;
          own.set(key, known);
          expect(candidate.path).toBe(known);
        }
      }),
    );
  });

  test("a redirect never leaves the site", () => {
    expect(pathOf(["", "evil.example"])).toBe("//evil.example");
    expect(toFileNames("//evil.example")).toBeUndefined();
  });
});

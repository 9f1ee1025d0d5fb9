import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalPath, canonicalQuery, encodeSegment, splitTarget } from "./canonical.ts";

describe("canonicalPath", () => {
  test.each([
    ["/", "/", [""]],
    ["/api/products/42", "/api/products/42", ["api", "products", "42"]],
    ["/api/", "/api/", ["api", ""]],
    ["/@vite/client", "/@vite/client", ["@vite", "client"]],
    ["/users/alice%40example.org", "/users/alice@example.org", ["users", "alice@example.org"]],
    ["/w=200,h=100/a.png", "/w=200,h=100/a.png", ["w=200,h=100", "a.png"]],
    ["/caf%c3%a9", "/caf%C3%A9", ["café"]],
    ["/a%20b/c", "/a%20b/c", ["a b", "c"]],
    ["/app/%5Bslug%5D/page.js", "/app/%5Bslug%5D/page.js", ["app", "[slug]", "page.js"]],
    ["/tags/c%23", "/tags/c%23", ["tags", "c#"]],
    ["/a+b", "/a%2Bb", ["a+b"]],
    ["/a%2bb", "/a%2Bb", ["a+b"]],
    ["/100%25", "/100%25", ["100%"]],
    ["/.well-known/security.txt", "/.well-known/security.txt", [".well-known", "security.txt"]],
    ["/...", "/...", ["..."]],
    ["/%E3%81%93%E3%82%93", "/%E3%81%93%E3%82%93", ["こん"]],
  ])("gives %s the form %s", (raw, path, segments) => {
    expect(canonicalPath(raw)).toEqual({ path, segments });
  });

  test.each([
    ["", "origin form"],
    ["*", "origin form"],
    ["api", "origin form"],
    ["http://evil.example/", "origin form"],
    ["//wp-json/wp/v2/users", "empty segment"],
    ["/wp-json//wp/v2/users", "empty segment"],
    ["//", "empty segment"],
    ["/wp-json/wp%2Fv2/users", "encoded separator"],
    ["/wp-json/wp%2fv2/users", "encoded separator"],
    ["/a%5Cb", "encoded separator"],
    ["/a\\b", "may not stand"],
    ["/.", "dot segment"],
    ["/..", "dot segment"],
    ["/a/../b", "dot segment"],
    ["/a/./", "dot segment"],
    ["/%2e%2e/etc/passwd", "needs no encoding"],
    ["/.%2E/etc/passwd", "needs no encoding"],
    ["/%2E", "needs no encoding"],
    ["/%61dmin", "needs no encoding"],
    ["/%7Euser", "needs no encoding"],
    ["/public/..;/admin", "may not stand"],
    ["/admin;jsessionid=1", "may not stand"],
    ["/admin%3Bx", "path parameter"],
    ["/%c0%af", "not UTF-8"],
    ["/%e0%80%af", "not UTF-8"],
    ["/%f8%80%80%80%af", "not UTF-8"],
    ["/%ed%a0%80", "not UTF-8"],
    ["/%ff", "not UTF-8"],
    ["/%c3", "not UTF-8"],
    ["/%c3/%a9", "not UTF-8"],
    ["/%u002f", "invalid percent-encoding"],
    ["/%", "invalid percent-encoding"],
    ["/%4", "invalid percent-encoding"],
    ["/%g1", "invalid percent-encoding"],
    ["/% 1", "may not stand"],
    ["/%+1", "invalid percent-encoding"],
    ["/%25%32f", "needs no encoding"],
    ["/%252e%252e/", "double encoding"],
    ["/%25252F", "double encoding"],
    ["/%25u002f", "double encoding"],
    ["/a%00.png", "control character"],
    ["/a%09b", "control character"],
    ["/a%0d%0aSet-Cookie:x", "control character"],
    ["/a%7f", "control character"],
    ["/a%C2%85", "control character"],
    ["/a\tb", "may not stand"],
    ["/a\0b", "may not stand"],
    ["/a b", "may not stand"],
    ["/café", "may not stand"],
    ["/a\u00ff", "may not stand"],
    ["/\uff0fadmin", "may not stand"],
    ["/..%EF%BC%8Fadmin", "folds to a separator"],
    ["/%EF%BC%8E%EF%BC%8E", "folds to a separator"],
    ["/%E2%80%A5", "folds to a separator"],
    ["/%EF%BC%852f", "folds to a separator"],
    ["/a?b", "may not stand"],
    ["/a#b", "may not stand"],
    ['/a"b', "may not stand"],
    ["/a<b", "may not stand"],
    ["/a|b", "may not stand"],
    ["/a[b]", "may not stand"],
  ])("refuses %j", (raw, reason) => {
    expect(canonicalPath(raw)).toEqual({ refused: expect.stringContaining(reason) });
  });

  test("refuses more segments than any site has", () => {
    expect(canonicalPath("/a".repeat(128)).refused).toBeUndefined();
    expect(canonicalPath("/a".repeat(129))).toEqual({ refused: "more segments than allowed" });
  });

  const rawPaths = fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(..."/abz09-._~%+:@!$&'()*,;=?#\\ \t\u0000é") },
        fc.constantFrom("%2F", "%2e", "%25", "%41", "%c3%a9", "%E2%82%AC", "%40", "%2b", "%20", "%EF%BC%8F", "%252f"),
        fc.constantFrom("..", "//", "/admin", "/users", ";x"),
      ),
      { maxLength: 12 },
    )
    .map((parts) => `/${parts.join("")}`);
  const encodedPaths = fc
    .array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 5 })
    .map((segments) => `/${segments.map((segment) => encodeURIComponent(segment)).join("/")}`);
  const paths = fc.oneof(rawPaths, encodedPaths, fc.webPath());

  function forEachAccepted(judge: (path: string, segments: readonly string[], raw: string) => void) {
    let accepted = 0;
    fc.assert(
      fc.property(paths, (raw) => {
        const result = canonicalPath(raw);
        if (result.refused !== undefined) return;
        accepted++;
        judge(result.path, result.segments, raw);
      }),
      { numRuns: 2000 },
    );
    expect(accepted).toBeGreaterThan(200);
  }

  test("leaves a canonical path as it is", () => {
    forEachAccepted((path, segments) => expect(canonicalPath(path)).toEqual({ path, segments }));
  });

  test("has one spelling for each list of segments", () => {
    forEachAccepted((path, segments) => expect(`/${segments.map(encodeSegment).join("/")}`).toBe(path));
  });

  test("never changes what the path says", () => {
    forEachAccepted((path, _, raw) => expect(decodeURIComponent(path)).toBe(decodeURIComponent(raw)));
  });

  test("agrees with the WHATWG URL parser", () => {
    forEachAccepted((path) => expect(new URL(path, "http://h").pathname).toBe(path));
  });

  test("hides no forbidden form behind one or two decodings", () => {
    forEachAccepted((path, segments) => {
      let decoded = segments;
      for (let round = 0; round < 2; round++) {
        for (const [index, segment] of decoded.entries()) {
          expect(segment).not.toMatch(/[/\\;\u0000-\u001f\u007f]|^\.{1,2}$/);
          if (index < decoded.length - 1) expect(segment).not.toBe("");
        }
        decoded = decoded.map((segment) => segment.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent));
      }
    });
  });
});

describe("canonicalQuery", () => {
  test.each([
    ["", "", []],
    [
      "page=2&limit=10",
      "page=2&limit=10",
      [
        ["page", "2"],
        ["limit", "10"],
      ],
    ],
    ["q=a+b%20c", "q=a%20b%20c", [["q", "a b c"]]],
    ["flag", "flag=", [["flag", ""]]],
    ["next=%2fcart%3fa%3d1", "next=%2Fcart%3Fa%3D1", [["next", "/cart?a=1"]]],
    ["a=b=c", "a=b%3Dc", [["a", "b=c"]]],
    ["a=1;b=2", "a=1%3Bb%3D2", [["a", "1;b=2"]]],
    ["filters[title][$eq]=x", "filters%5Btitle%5D%5B%24eq%5D=x", [["filters[title][$eq]", "x"]]],
    ["filters%5Btitle%5D=x", "filters%5Btitle%5D=x", [["filters[title]", "x"]]],
    ["q=it's", "q=it%27s", [["q", "it's"]]],
  ])("gives %s the form %s", (raw, query, pairs) => {
    expect(canonicalQuery(raw)).toEqual({ query, pairs });
  });

  test.each([
    ["&", "empty name"],
    ["a=1&&b=2", "empty name"],
    ["a=1&", "empty name"],
    ["=1", "empty name"],
    ["a=1&a=2", "given twice"],
    ["a=1&%61=2", "given twice"],
    ["a[]=1&a%5B%5D=2", "given twice"],
    ["a=%", "invalid percent-encoding"],
    ["a=%u0041", "invalid percent-encoding"],
    ["a=%c0%af", "invalid percent-encoding"],
    ["a=%00", "control character"],
    ["a=x%0d%0ay", "control character"],
    ["a%09=1", "control character"],
    ["a=%C2%80", "control character"],
    ["a=\u0000", "percent-encoded"],
    ["a=é", "percent-encoded"],
    ["a=1#b", "percent-encoded"],
    ["a=<b>", "percent-encoded"],
    ["filter[__proto__][admin]=1", "reaches a prototype"],
    ["constructor.prototype.admin=1", "reaches a prototype"],
    ["/_payload.json", "looks like a path"],
    ["%2F_payload.json", "looks like a path"],
    ["a/b=1", "looks like a path"],
    ["a%5Cb=1", "looks like a path"],
  ])("refuses %j", (raw, reason) => {
    expect(canonicalQuery(raw)).toEqual({ refused: expect.stringContaining(reason) });
  });

  test("refuses what is longer or more than allowed", () => {
    const many = Array.from({ length: 101 }, (_, index) => `a${index}=1`).join("&");
    expect(canonicalQuery(`${"n".repeat(257)}=1`)).toEqual({ refused: "a name longer than allowed" });
    expect(canonicalQuery(`a=${"v".repeat(8192)}`)).toEqual({ refused: "longer than allowed" });
    expect(canonicalQuery(many)).toEqual({ refused: "more pairs than allowed" });
    expect(canonicalQuery(many, { maxPairs: 101 })).toMatchObject({ query: many });
  });

  test("lets declared names repeat and keeps their order", () => {
    const rules = { mayRepeat: (name: string) => name === "tag" };
    expect(canonicalQuery("tag=b&x=1&tag=a", rules)).toMatchObject({ query: "tag=b&x=1&tag=a" });
    expect(canonicalQuery("tag=b&x=1&x=2", rules)).toEqual({ refused: "a name given twice" });
  });

  const rules = { mayRepeat: () => true, maxLength: 100_000 };
  const rawQueries = fc.oneof(
    fc.webQueryParameters(),
    fc
      .array(fc.constantFrom(..."ab=&%+[]$;'", "%41", "%26", "%3D", "%c3%a9"), { maxLength: 12 })
      .map((x) => x.join("")),
  );

  test("leaves a canonical query as it is", () => {
    fc.assert(
      fc.property(rawQueries, (raw) => {
        const result = canonicalQuery(raw, rules);
        if (result.refused !== undefined) return;
        expect(canonicalQuery(result.query, rules)).toEqual(result);
      }),
      { numRuns: 1000 },
    );
  });

  test("reads what URLSearchParams reads, before and after", () => {
    fc.assert(
      fc.property(rawQueries, (raw) => {
        const result = canonicalQuery(raw, rules);
        if (result.refused !== undefined) return;
        expect([...new URL(`/?${raw}`, "http://h").searchParams]).toEqual(result.pairs);
        expect([...new URLSearchParams(result.query)]).toEqual(result.pairs);
        expect(new URL(`/?${result.query}`, "http://h").search.slice(1)).toBe(result.query);
      }),
      { numRuns: 1000 },
    );
  });

  test("takes whatever URLSearchParams writes", () => {
    const text = fc.string({ unit: "grapheme-composite" }).filter((x) => !/[\u0000-\u001f\u007f-\u009f/\\]/.test(x));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ minLength: 1, unit: fc.constantFrom(..."abc[]$&= é€") }), text)),
        (pairs) => {
          expect(canonicalQuery(new URLSearchParams(pairs).toString(), rules)).toMatchObject({ pairs });
        },
      ),
    );
  });
});

describe("splitTarget", () => {
  test("cuts at the first question mark", () => {
    expect(splitTarget("/a")).toEqual({ path: "/a", query: "" });
    expect(splitTarget("/a?b=c?d")).toEqual({ path: "/a", query: "b=c?d" });
    expect(splitTarget("/a?")).toEqual({ path: "/a", query: "" });
  });

  test("leaves the WordPress spelling that hides in a query to the route's declared names", () => {
    const { path, query } = splitTarget("/?rest_route=/wp/v2/users");
    expect(canonicalPath(path)).toEqual({ path: "/", segments: [""] });
    expect(canonicalQuery(query)).toEqual({
      query: "rest_route=%2Fwp%2Fv2%2Fusers",
      pairs: [["rest_route", "/wp/v2/users"]],
    });
  });
});

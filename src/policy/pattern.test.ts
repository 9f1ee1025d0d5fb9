import { describe, expect, test } from "vitest";
import { intersect, parsePattern, relate } from "./pattern.ts";

describe("parsing a route", () => {
  test("reads methods, texts, parameters and the rest", () => {
    const pattern = parsePattern("GET|HEAD /api/users/:userId/files/*");
    expect(pattern.methods).toEqual(["GET", "HEAD"]);
    expect(pattern.params).toEqual(["userId"]);
    expect(pattern.segments.map(({ kind }) => kind)).toEqual(["text", "text", "param", "text", "rest"]);
  });

  test.each([
    ["get /x", "METHOD /path"],
    ["GET x", "METHOD /path"],
    ["TRACE /x", "not a method that can be routed"],
    ["CONNECT /x", "not a method that can be routed"],
    ["GET /a//b", "no empty segments"],
    ["GET /a/../b", "no dot segments"],
    ["GET /a/*/b", "only be the last segment"],
    ["GET /:id/:id", "only once"],
    ["GET /a/:", "not a parameter name"],
    ["GET /a%2fb", "characters that a canonical path never has"],
    ["GET /a;b", "characters that a canonical path never has"],
  ])("refuses %s", (text, message) => {
    expect(() => parsePattern(text)).toThrow(message);
  });
});

describe("comparing two patterns", () => {
  test.each([
    ["/a", "/a", "same"],
    ["/a/:x", "/a/:y", "same"],
    ["/a", "/b", "disjoint"],
    ["/a", "/a/", "disjoint"],
    ["/a/:x", "/a/", "disjoint"],
    ["/a/:x", "/a/b", "wider"],
    ["/a/b", "/a/:x", "narrower"],
    ["/*", "/a/:x", "wider"],
    ["/*", "/", "wider"],
    ["/a/*", "/a", "disjoint"],
    ["/a/*", "/a/", "wider"],
    ["/a/:x/c", "/a/b/:y", "crossing"],
    ["/:x/b", "/a/*", "crossing"],
    ["/:x/:y", "/a/*", "crossing"],
    ["/a/*", "/a/*", "same"],
  ])("%s is %s: %s", (left, right, relation) => {
    expect(relate(parsePattern(`GET ${left}`), parsePattern(`GET ${right}`))).toBe(relation);
  });

  test("the crossing of two patterns is the narrower segment at each place", () => {
    const crossing = (left: string, right: string) =>
      intersect(parsePattern(`GET ${left}`), parsePattern(`GET ${right}`));
    expect(crossing("/a/:x/c", "/a/b/:y")).toBe("/a/b/c");
    expect(crossing("/:x/b", "/a/*")).toBe("/a/b");
    expect(crossing("/:x/*", "/a/:y")).toBe("/a/:y");
  });
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePattern } from "../policy/pattern.ts";
import { createRouter } from "./router.ts";

function routerOf(...matches: string[]) {
  return createRouter(matches.map((match) => ({ pattern: parsePattern(match), target: match })));
}

const segmentsOf = (path: string) => path.slice(1).split("/");

test("text comes before a parameter, a parameter before the rest", () => {
  const router = routerOf("GET /*", "GET /a/:x", "GET /a/b");
  expect(router.match("GET", ["a", "b"])?.target).toBe("GET /a/b");
  expect(router.match("GET", ["a", "c"])).toEqual({ target: "GET /a/:x", params: { x: "c" } });
  expect(router.match("GET", ["a", "c", "d"])?.target).toBe("GET /*");
});

test("a branch that leads nowhere is left again", () => {
  const router = routerOf("GET /a/b/c", "GET /a/:x/d", "GET /:y/*");
  expect(router.match("GET", ["a", "b", "d"])).toEqual({ target: "GET /a/:x/d", params: { x: "b" } });
  expect(router.match("GET", ["a", "b", "e"])).toEqual({ target: "GET /:y/*", params: { y: "a" } });
});

test("a trailing slash is another path", () => {
  const router = routerOf("GET /a", "GET /b/");
  expect(router.match("GET", segmentsOf("/a/"))).toBeUndefined();
  expect(router.match("GET", segmentsOf("/b"))).toBeUndefined();
  expect(router.match("GET", segmentsOf("/b/"))?.target).toBe("GET /b/");
});

test("a parameter is never empty", () => {
  expect(routerOf("GET /a/:x").match("GET", segmentsOf("/a/"))).toBeUndefined();
});

test("the rest takes one or more segments, the empty one included", () => {
  const router = routerOf("GET /a/*");
  expect(router.match("GET", segmentsOf("/a"))).toBeUndefined();
  expect(router.match("GET", segmentsOf("/a/"))?.target).toBe("GET /a/*");
  expect(router.match("GET", segmentsOf("/a/b/c"))?.target).toBe("GET /a/*");
});

test("case is significant", () => {
  expect(routerOf("GET /admin").match("GET", ["Admin"])).toBeUndefined();
});

test("a path that is declared for other methods lists them", () => {
  const router = routerOf("GET|PUT /a/:x", "POST /a/b");
  expect(router.match("DELETE", ["a", "b"])).toBeUndefined();
  expect(router.methodsFor(["a", "b"])).toEqual(["GET", "PUT", "POST"]);
  expect(router.methodsFor(["c"])).toEqual([]);
});

test("names of Object.prototype are paths like any other", () => {
  const router = routerOf("GET /:toString");
  expect(router.match("GET", ["__proto__"])?.params["toString"]).toBe("__proto__");
  expect(router.match("__proto__", ["x"])).toBeUndefined();
});

test("property: what matches is a declared pattern that really covers the path", () => {
  const segment = fc.constantFrom("a", "b", "c", ":x", ":y");
  const pattern = fc.tuple(fc.array(segment, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([parts, rest]) => {
    const named = parts.map((part, index) => (part.startsWith(":") ? `:p${index}` : part));
    return `GET /${[...named, ...(rest ? ["*"] : [])].join("/")}`;
  });
  const path = fc.array(fc.constantFrom("a", "b", "c", "d"), { minLength: 1, maxLength: 5 });
  const covers = (declared: string, segments: readonly string[]) => {
    const source = declared
      .slice(4)
      .replace(/:[^/]+/g, "[^/]+")
      .replace(/\*$/, ".*");
    return new RegExp(`^${source}$`).test(`/${segments.join("/")}`);
  };
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 8 }), path, (patterns, segments) => {
      const match = routerOf(...patterns).match("GET", segments);
      expect(match !== undefined).toBe(patterns.some((declared) => covers(declared, segments)));
      if (match) expect(covers(match.target, segments)).toBe(true);
    }),
  );
});

import { expect, test } from "vitest";
import { findConflicts } from "./conflicts.ts";
import { parsePattern } from "./pattern.ts";

function conflictsOf(...matches: string[]): string[] {
  const routes = matches.map((match, index) => ({ path: `routes[${index}]`, match, pattern: parsePattern(match) }));
  return findConflicts(routes).map(({ path, problem }) => `${path}: ${problem}`);
}

test("the same path with another parameter name is a route that would never be reached", () => {
  expect(conflictsOf("GET /a/:x", "GET /a/:y")).toEqual([
    'routes[1]: "GET /a/:y" matches the same requests as "GET /a/:x" and would never be reached',
  ]);
});

test("the same path with other methods is no conflict", () => {
  expect(conflictsOf("GET /a/:x", "POST /a/:x")).toEqual([]);
});

test("one shared method of several is enough for a conflict", () => {
  expect(conflictsOf("GET|POST /a", "POST|PUT /a")).toHaveLength(1);
});

test("a narrower route beside a wider one is how policies are written", () => {
  expect(conflictsOf("GET /*", "GET /a/:x", "GET /a/b")).toEqual([]);
});

test("two routes that cross are refused until the policy says who serves the crossing", () => {
  expect(conflictsOf("GET /a/:x/c", "GET /a/b/:y")).toEqual([
    'routes[1]: "GET /a/b/:y" and "GET /a/:x/c" both match "GET /a/b/c", and neither is the narrower one',
  ]);
  expect(conflictsOf("GET /a/:x/c", "GET /a/b/:y", "GET /a/b/c")).toEqual([]);
});

import { expect, test } from "vitest";
import { fakeExchange, fakeEnv, fakeRoute } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { injection } from "./injection.ts";

const files = { ...fakeRoute, id: "GET /files/*", pattern: "/files/*" };
const because = "this field holds a password";

testGuard(injection, {
  passes: [
    { name: "a request without a query", options: true },
    { name: "ordinary parameters", options: true, exchange: { params: { id: "42" }, query: [["sort", "-name"]] } },
    { name: "an apostrophe and an ampersand", options: {}, exchange: { query: [["q", "o'brien & sons"]] } },
    {
      name: "an article in free text",
      options: { freeText: ["q"] },
      exchange: { query: [["q", "the ' OR 1=1 -- trick is old"]] },
    },
    {
      name: "anything in an exempt field",
      options: { exempt: { q: because } },
      exchange: { query: [["q", "' OR 1=1 --"]] },
    },
    {
      name: "a class that is left out",
      options: { without: { sql: because } },
      exchange: { query: [["q", "' OR 1=1 --"]] },
    },
    { name: "anything where it is off", options: { off: because }, exchange: { query: [["q", "' OR 1=1 --"]] } },
    {
      name: "the site's own URL",
      options: true,
      exchange: { query: [["return", "https://localhost:8443/cart"]] },
      env: { site: "https://localhost:8443" },
    },
    {
      name: "an inner host that is allowed",
      options: { innerHosts: ["127.0.0.1:4104"] },
      exchange: { query: [["iss", "http://127.0.0.1:4104"]] },
    },
    { name: "a path with a rest", options: true, exchange: { route: files, path: "/files/css/app.v2.css" } },
  ],
  denies: [
    { name: "SQL in a query", options: true, exchange: { query: [["q", "' OR 1=1 --"]] }, problem: "input-refused" },
    {
      name: "an operator as a name",
      options: true,
      exchange: { query: [["user[$ne]", "x"]] },
      problem: "input-refused",
    },
    {
      name: "SQL in a path parameter",
      options: true,
      exchange: { params: { id: "1 OR 1=1" } },
      problem: "input-refused",
    },
    { name: "an inner URL", options: {}, exchange: { query: [["url", "http://0x7f.1/"]] }, problem: "input-refused" },
    {
      name: "a file of the repository behind a rest",
      options: true,
      exchange: { route: files, path: "/files/.git/config" },
      problem: "input-refused",
    },
    {
      name: "an attack in free text",
      options: { freeText: ["q"] },
      exchange: { query: [["q", "nice!' UNION SELECT a FROM b--"]] },
      problem: "input-refused",
    },
    {
      name: "a low threshold's doubt",
      options: { threshold: 3 },
      exchange: { query: [["q", "`id` of it"]] },
      problem: "input-refused",
    },
  ],
});

test("the log is told class and place, the client the place, and nobody the value", () => {
  const hooks = injection.create(injection.options.parse(true), fakeEnv());
  expect(hooks.request?.(fakeExchange({ query: [["q", "' OR 1=1 --"]] }))).toEqual({
    kind: "deny",
    problem: "input-refused",
    reason: 'sql in the query at "/q" (score 8)',
    fields: [{ pointer: "/q", reason: "not-allowed-value" }],
  });
});

test("a name that is no plain name is not repeated", () => {
  const hooks = injection.create(injection.options.parse(true), fakeEnv());
  expect(hooks.request?.(fakeExchange({ query: [["<script>alert(1)</script>", "x"]] }))).toMatchObject({
    reason: 'xss in the query at "" (score 6)',
    fields: [{ pointer: "", reason: "not-allowed-value" }],
  });
});

test("exceptions need a reason that says something", () => {
  expect(injection.options.safeParse({ exempt: { q: "no" } }).success).toBe(false);
  expect(injection.options.safeParse({ without: { sql: "" } }).success).toBe(false);
  expect(injection.options.safeParse({ without: { sqli: because } }).success).toBe(false);
});

test("explain says what is judged how", () => {
  const options = injection.options.parse({
    freeText: ["text"],
    exempt: { password: because },
    without: { nosql: because },
  });
  expect(injection.describe?.(options)).toBe(
    "a value that looks like an attack is refused (score 5 and above); text judged as free text; password not judged; nosql not looked for",
  );
});

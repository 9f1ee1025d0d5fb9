import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anyone, owner } from "../lib/access.ts";
import { secret } from "../secrets/reference.ts";
import { compilePolicy } from "./compile.ts";
import { definePolicy, route } from "./define.ts";
import { PolicyError } from "./policy-problem.ts";

const backend = { backend: { url: "http://127.0.0.1:3000" } };

/** The problems of a policy as `path: problem | fix`. */
function problemsOf(policy: unknown): string[] {
  try {
    compilePolicy(policy);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ path, problem, fix }) => `${path}: ${problem} | ${fix}`);
  }
}

function policyWith(more: Readonly<Record<string, unknown>>, ...routes: unknown[]): unknown {
  return {
    site: "https://shop.example",
    upstreams: backend,
    routes: routes.length > 0 ? routes : [{ match: "GET /", to: "backend", access: anyone() }],
    ...more,
  };
}

describe("a guard that takes the place of another", () => {
  const graph = { match: "POST /graphql", to: "backend", access: anyone(), graphql: {} };
  const namesOn = (policy: unknown) =>
    compilePolicy(policy)
      .routes.map(({ guards }) => guards.map(({ guard }) => guard.key))
      .map((keys) => keys.includes("body"));

  test("stands alone on its route, whatever holds for the others", () => {
    const plain = { match: "POST /a", to: "backend", access: anyone() };
    expect(namesOn(policyWith({}, graph, plain))).toEqual([false, true]);
    expect(namesOn(policyWith({ body: "any" }, graph, plain))).toEqual([false, true]);
  });

  test("does not stand beside the other on one route, and its problems are told with their place", () => {
    expect(problemsOf(policyWith({}, { ...graph, body: "any" }))).toEqual([
      expect.stringMatching(
        /^routes\[0\] \(POST \/graphql\)\.body: stands beside graphql, .* \| leave one of the two out$/,
      ),
    ]);
    expect(problemsOf(policyWith({}, { ...graph, graphql: { owners: { Order: "id" } } }))).toEqual([
      expect.stringMatching(/^routes\[0\] \(POST \/graphql\)\.graphql: owners\.Order needs the schema/),
    ]);
    expect(problemsOf(policyWith({ graphql: {} }))).toEqual([
      expect.stringMatching(/^routes\[0\] \(GET \/\)\.graphql: graphql stands on the route of the endpoint/),
    ]);
  });
});

describe("a policy that is not in order", () => {
  test("is told everything at once, with place, reason and fix", () => {
    const problems = problemsOf({
      site: "https://shop.example",
      upstreems: backend,
      routes: [
        { match: "GET /a", to: "backend" },
        { match: "GET /b", to: "backend", access: anyone(), limits: "5/min" },
        { match: "GET /c", to: "backend", access: anyone(), limit: "5 per fortnight" },
      ],
    });
    expect(problems).toEqual([
      "upstreams: is missing | add `upstreams`",
      "routes[0] (GET /a).access: is missing | say who may call it: anyone(), signedIn(), scope(…), role(…), owner(…)",
      expect.stringMatching(
        /^routes\[1\] \(GET \/b\)\.limits: is not a key that stands here \| did you mean "limit"\?$/,
      ),
      expect.stringMatching(/^routes\[2\] \(GET \/c\)\.limit: /),
      'upstreems: is not a key that stands here | did you mean "upstreams"?',
    ]);
  });

  test.each([
    [
      "an unknown upstream",
      policyWith({}, { match: "GET /", to: "backnd", access: anyone() }),
      'routes[0] (GET /).to: no upstream is named "backnd" | did you mean "backend"?',
    ],
    [
      "an owner that the path does not name",
      policyWith({}, { match: "GET /users/:id", to: "backend", access: owner("userId") }),
      'routes[0] (GET /users/:id).access: owner("userId") names a path parameter that "/users/:id" does not have | use one of: id',
    ],
    [
      "a route that would never be reached",
      policyWith(
        {},
        { match: "GET /a/:x", to: "backend", access: anyone() },
        { match: "GET /a/:y", to: "backend", access: anyone() },
      ),
      'routes[1] (GET /a/:y): "GET /a/:y" matches the same requests as "GET /a/:x" and would never be reached | remove one of the two, or make their paths or methods differ',
    ],
    [
      "a site with a path",
      policyWith({ site: "https://shop.example/app" }),
      'site: is more than an origin | write "https://shop.example"',
    ],
    [
      "a public site without TLS",
      policyWith({ site: "http://shop.example" }),
      'site: is served without TLS | write it with https://, or say why not in unsafe: { allowPlainHttp: "…" }',
    ],
    [
      "an upstream over plain HTTP on the open network",
      policyWith({ upstreams: { backend: { url: "http://api.example.com" } } }),
      'upstreams.backend.url: would be reached without TLS outside a private network | write it with https://, or say why not in unsafe: { allowHttpUpstream: "…" }',
    ],
    [
      "a reference that nobody can read",
      policyWith({ upstreams: { backend: { url: "http://127.0.0.1:3000", credential: secret("vualt://kv/x#y") } } }),
      expect.stringMatching(/^upstreams\.backend\.credential: there is no provider "vualt"/),
    ],
    [
      "an unsafe option without a reason",
      policyWith({ unsafe: { allowTls12: "because" } }),
      expect.stringMatching(/^unsafe\.allowTls12: say why, in a sentence/),
    ],
    [
      "no method in a match",
      policyWith({}, { match: "/x", to: "backend", access: anyone() }),
      expect.stringMatching(/^routes\[0\] \(\/x\): a route is written "METHOD \/path"/),
    ],
  ])("%s is refused with its place and its fix", (_name, policy, problem) => {
    expect(problemsOf(policy)).toEqual([problem]);
  });

  test.each([undefined, null, 7, "x", [], { routes: [] }])("%j is no policy", (value) => {
    expect(problemsOf(value).length).toBeGreaterThan(0);
  });
});

describe("what a route's guards are", () => {
  const compiled = compilePolicy(
    definePolicy({
      site: "https://shop.example",
      upstreams: backend,
      limit: "100/min per address",
      mode: { cors: "report" },
      routes: [
        route("GET /a", { to: "backend", access: anyone() }),
        route("GET /b", {
          to: "backend",
          access: anyone(),
          limit: ["1/s per address", "5/min per subject"],
          mode: "enforce",
        }),
        route("GET /c", { to: "backend", access: anyone(), mode: "report" }),
      ],
    }),
  );
  const limitsOf = (index: number) => compiled.routes[index]?.guards.filter(({ guard }) => guard.key === "limit") ?? [];

  test("the policy's default holds until a route says otherwise", () => {
    expect(limitsOf(0).map(({ source }) => source)).toEqual(["policy"]);
    expect(limitsOf(1).map(({ source }) => source)).toEqual(["route", "route"]);
  });

  test("each element of a list is a guard of its own, at its own stage", () => {
    expect(limitsOf(1).map(({ guard, options }) => guard.stage(options))).toEqual(["traffic", "quota"]);
  });

  test("a route's mode comes before the policy's", () => {
    const modes = (index: number, key: string) =>
      compiled.routes[index]?.guards.find(({ guard }) => guard.key === key)?.mode;
    expect([modes(0, "cors"), modes(1, "cors"), modes(2, "cors")]).toEqual(["report", "enforce", "report"]);
    expect([modes(0, "access"), modes(2, "access")]).toEqual(["enforce", "report"]);
  });

  test("requests without a route still meet the guards of the outer stages, and only those", () => {
    const stages = compiled.fallbackGuards.map(({ guard, options }) => guard.stage(options));
    expect(new Set(stages)).toEqual(new Set(["headers", "cors", "traffic"]));
  });
});

test("a policy that went through JSON means the same", () => {
  const policy = definePolicy({
    site: "https://shop.example",
    upstreams: backend,
    cors: { origins: ["https://partner.example"] },
    routes: [route("GET /users/:userId", { to: "backend", access: owner("userId"), limit: "5/min per subject" })],
  });
  const ids = (written: unknown) =>
    compilePolicy(written).routes.map(({ view, guards }) => [
      view,
      guards.map(({ guard, options }) => [guard.name, options]),
    ]);
  expect(ids(JSON.parse(JSON.stringify(policy)))).toEqual(ids(policy));
});

test("a schema of the policy's own Zod is taken", () => {
  const policy = policyWith(
    {},
    { match: "GET /x/:id", to: "backend", access: anyone(), params: z.object({ id: z.uuid() }) },
  );
  expect(problemsOf(policy)).toEqual([]);
});

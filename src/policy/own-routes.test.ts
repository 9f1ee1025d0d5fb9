import { describe, expect, test } from "vitest";
import { anyone } from "../lib/access.ts";
import { jsonSchema } from "../lib/schema.ts";
import { explain, formatExplanation } from "../gateway/explain.ts";
import { simulateExchange } from "../gateway/simulate.ts";
import { simulate } from "../testing.ts";
import { type CompiledRoute, compilePolicy } from "./compile.ts";
import { definePolicy, type PolicyInput, route } from "./define.ts";
import { isOwnUpstream, ownRoutes } from "./own-routes.ts";
import { PolicyError } from "./policy-problem.ts";

const base = {
  site: "https://shop.example",
  upstreams: { backend: { url: "http://127.0.0.1:3000" } },
  routes: [route("GET /*", { to: "backend", access: anyone() })],
} satisfies PolicyInput;

function policyWith(more: Partial<PolicyInput>): PolicyInput {
  return definePolicy({ ...base, reports: {}, ...more } as PolicyInput);
}

function problemsOf(policy: unknown): string[] {
  try {
    compilePolicy(policy);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.problems.map(({ path, problem }) => `${path}: ${problem}`);
  }
}

function ownRouteOf(policy: PolicyInput, id = "POST /.headgate/reports"): CompiledRoute {
  const found = compilePolicy(policy).routes.find(({ view }) => view.id === id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
}

describe("routes that the gateway serves itself", () => {
  test("come with the policy key that switches them on, after the declared ones, and not without it", () => {
    const ids = (policy: PolicyInput) => compilePolicy(policy).routes.map(({ view, feature }) => [view.id, feature]);
    expect(ids(base)).toEqual([["GET /*", undefined]]);
    expect(ids(policyWith({}))).toEqual([
      ["GET /*", undefined],
      ["POST /.headgate/reports", "reports"],
      ["POST /.headgate/errors", "reports"],
      ["GET /.headgate/client.js", "reports"],
    ]);
  });

  test("lead nowhere but into the gateway, and no declared route leads there", () => {
    const { parsed } = compilePolicy(policyWith({}));
    const leads = ownRoutes(parsed).map((own) => own.route.to);
    expect(leads.length).toBeGreaterThan(0);
    expect(leads.filter((name) => !isOwnUpstream(name))).toEqual([]);
    const declared = { match: "POST /x", to: "headgate:reports", access: anyone() };
    expect(problemsOf({ ...base, reports: {}, routes: [declared] })).toEqual([
      'routes[0] (POST /x).to: no upstream is named "headgate:reports"',
    ]);
    expect(problemsOf({ ...base, upstreams: { "headgate:reports": base.upstreams.backend } })).toEqual([
      "upstreams.headgate:reports: Invalid key in record",
    ]);
  });

  test("are in conflict with a declared route of the same pattern, under the key that brought them", () => {
    const taken = route("POST /.headgate/reports", { to: "backend", access: anyone() });
    expect(problemsOf(policyWith({ routes: [taken] }))).toEqual([
      'reports (POST /.headgate/reports): "POST /.headgate/reports" matches the same requests as "POST /.headgate/reports" and would never be reached',
    ]);
    const wider = route("POST /:folder/:name", { to: "backend", access: anyone() });
    expect(problemsOf(policyWith({ routes: [wider] }))).toEqual([]);
  });

  test("take from the top who may come and how, and not what a body or an answer has to be", () => {
    const schema = jsonSchema({ type: "object", required: ["never"] });
    const { guards } = ownRouteOf(
      policyWith({
        body: schema,
        query: "any",
        headers: schema,
        params: schema,
        response: schema,
        shed: { above: "2s" },
        concurrency: { max: 7 },
        securityHeaders: { frame: "same-origin" },
      }),
    );
    const sources = Object.fromEntries(guards.map(({ guard, source }) => [guard.key, source]));
    expect(sources).toMatchObject({
      access: "route",
      body: "route",
      limit: "route",
      query: "default",
      shed: "policy",
      concurrency: "policy",
      securityHeaders: "policy",
    });
    for (const key of ["headers", "params", "response"]) expect(sources).not.toHaveProperty(key);
    expect(guards.find(({ guard }) => guard.key === "query")?.options).toBe("none");
  });

  test("keep their own limits where the site has one, and leave out what they do themselves", () => {
    const { guards } = ownRouteOf(
      policyWith({ limit: "1/h per address", throttle: "1/h", cors: { origins: ["https://partner.example"] } }),
    );
    const limits = guards.filter(({ guard }) => guard.key === "limit");
    expect(limits.map(({ guard, options }) => guard.describe?.(options))).toEqual([
      "at most 60/min per address",
      "at most 1200/min per route, quiet",
    ]);
    expect(guards.map(({ guard }) => guard.key)).not.toContain("cors");
    expect(guards.map(({ guard }) => guard.key)).not.toContain("throttle");
  });

  test("enforce what they say themselves whatever the mode of the site, and follow it in what is the site's", () => {
    const { guards } = ownRouteOf(policyWith({ mode: "report", concurrency: { max: 7 } }));
    const modes = Object.fromEntries(guards.map(({ guard, mode }) => [guard.key, mode]));
    expect(modes).toMatchObject({ access: "enforce", limit: "enforce", query: "enforce", concurrency: "report" });
  });

  test("are simulated and explained like any other, and send nothing upstream", async () => {
    const policy = policyWith({});
    const result = await simulate(policy, { request: "POST /.headgate/reports", body: [] });
    expect(result).toMatchObject({ verdict: "allowed", route: "POST /.headgate/reports", sent: undefined });
    expect((await simulate(policy, { request: "POST /.headgate/reports?x=1", body: [] })).problem).toBe(
      "invalid-query",
    );
    const compiled = compilePolicy(policy);
    const simulation = await simulateExchange(compiled, { method: "GET", target: "/.headgate/client.js" });
    const text = formatExplanation(explain(compiled, simulation, "GET /.headgate/client.js", "nobody"));
    expect(text).toContain("route   GET /.headgate/client.js -> headgate:reports");
    expect(text).toContain("verdict allowed: the gateway answers the request itself");
  });
});

describe("the policy key reports", () => {
  test.each([
    ["a path that is one segment", { path: "/reports" }, "reports.path"],
    ["a path with a parameter", { path: "/x/:id" }, "reports.path"],
    ["a path with a query", { path: "/x/y?z" }, "reports.path"],
    ["a path with a star", { path: "/x/*" }, "reports.path"],
    ["a path that no request can name", { path: "/x/../y" }, "reports.path"],
    ["a rate that says what it counts by", { posts: { overall: "5/min per subject" } }, "reports.posts.overall"],
    ["a rate without a window", { events: { perAddress: "5" } }, "reports.events.perAddress"],
    ["a table without an end", { table: 1e9 }, "reports.table"],
    ["a beginning that would ignore everything", { ignore: [""] }, "reports.ignore[0]"],
    ["a key that there is none", { ignored: [] }, "reports.ignored"],
  ])("%s is refused with its place", (_name, reports, place) => {
    const problems = problemsOf({ ...base, reports });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(place);
  });
});

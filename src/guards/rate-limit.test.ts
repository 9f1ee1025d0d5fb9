import { describe, expect, test } from "vitest";
import { fakeClock, fakeEnv, fakeExchange, fakePrincipal, naiveLimiter } from "../../test/support/exchange.ts";
import { runHooks, testGuard } from "../../test/support/test-guard.ts";
import type { GuardEnv } from "./contract/guard-env.ts";
import { rateLimit } from "./rate-limit.ts";

const alice = fakePrincipal({ subject: "alice" });
const bob = fakePrincipal({ subject: "bob" });
const elsewhere = { address: "198.51.100.9", key: "198.51.100.9" };

testGuard(rateLimit, {
  passes: [
    { name: "calls within the limit", options: "2/min", before: [{}] },
    { name: "another address", options: "1/min", before: [{}], exchange: { client: elsewhere } },
    {
      name: "another subject at the same address",
      options: "1/min per subject",
      before: [{ principal: alice }],
      exchange: { principal: bob },
    },
    {
      name: "another tenant",
      options: "1/min per claim:tenant",
      before: [{ principal: fakePrincipal({ claims: { tenant: "acme" } }) }],
      exchange: { principal: fakePrincipal({ claims: { tenant: "globex" } }) },
    },
    {
      name: "anonymous callers of another address where subjects are counted",
      options: "1/min per subject",
      before: [{}],
      exchange: { client: elsewhere },
    },
  ],
  denies: [
    {
      name: "the call beyond the limit",
      options: "2/min",
      before: [{}, {}],
      problem: "rate-limited",
      headers: { "retry-after": "30" },
    },
    {
      name: "the same subject from another address",
      options: "1/min per subject",
      before: [{ principal: alice }],
      exchange: { principal: alice, client: elsewhere },
      problem: "rate-limited",
    },
    {
      name: "a call that weighs more than is left",
      options: "10/min, cost 4",
      before: [{}, {}],
      problem: "rate-limited",
      headers: { "retry-after": "12" },
    },
    {
      name: "everybody once the route's budget is used up",
      options: "1/h per route",
      before: [{}],
      exchange: { client: elsewhere },
      problem: "rate-limited",
      headers: { "retry-after": "3600" },
    },
  ],
});

describe("rate-limit", () => {
  function createHooks(rate: string, env: Partial<GuardEnv> = {}) {
    return rateLimit.create(rateLimit.options.parse(rate), fakeEnv(env));
  }

  test("waits for the principal only where the limit counts by it", () => {
    const stageOf = (rate: string) => rateLimit.stage(rateLimit.options.parse(rate));
    expect(["5/s", "5/s per route", "5/s per header:x-client"].map(stageOf)).toEqual(["traffic", "traffic", "traffic"]);
    expect(["5/s per subject", "5/s per address+claim:tenant"].map(stageOf)).toEqual(["quota", "quota"]);
  });

  test("tells on a success what the limit is, what is left and when it is whole again", async () => {
    const hooks = createHooks("100/min per subject");
    const exchange = fakeExchange({ principal: alice });
    await runHooks(hooks, exchange);
    expect(exchange.response.headers.flat).toEqual([
      ...["ratelimit-policy", '"subject-1min";q=100;w=60'],
      ...["ratelimit", '"subject-1min";r=99;t=1'],
    ]);
  });

  test("tells the same on a refusal, in agreement with Retry-After", () => {
    const hooks = createHooks("2/min");
    for (let call = 0; call < 2; call += 1) hooks.request?.(fakeExchange());
    const exchange = fakeExchange({ response: { status: 429, origin: "gateway" } });
    expect(hooks.request?.(exchange)).toMatchObject({ kind: "deny", headers: ["retry-after", "30"] });
    hooks.response?.(exchange);
    expect(exchange.response.headers.get("ratelimit")).toBe('"address-1min";r=0;t=30');
  });

  test("lists every limit of the route in the order of the policy, and an upstream's own numbers not at all", () => {
    const env = { limiter: naiveLimiter(fakeClock()) };
    const limits = [createHooks("10/s", env), createHooks("100/min per route", env)];
    const exchange = fakeExchange({ response: { headers: { ratelimit: '"cms";r=3;t=9' } } });
    for (const hooks of limits) hooks.request?.(exchange);
    for (const hooks of limits.toReversed()) hooks.response?.(exchange);
    expect(exchange.response.headers.get("ratelimit-policy")).toBe('"address-1s";q=10;w=1, "route-1min";q=100;w=60');
    expect(exchange.response.headers.getAll("ratelimit")).toEqual(['"address-1s";r=9;t=1, "route-1min";r=99;t=1']);
  });

  test("tells nothing of a quiet limit but that it is used up", () => {
    const env = { limiter: naiveLimiter(fakeClock()) };
    const limits = [createHooks("10/s", env), createHooks("1/min per route, quiet", env)];
    const exchange = fakeExchange();
    for (const hooks of limits) hooks.request?.(exchange);
    for (const hooks of limits.toReversed()) hooks.response?.(exchange);
    expect(exchange.response.headers.get("ratelimit-policy")).toBe('"address-1s";q=10;w=1');
    expect(exchange.response.headers.get("ratelimit")).toBe('"address-1s";r=9;t=1');
    expect(limits[1]?.request?.(fakeExchange())).toMatchObject({ kind: "deny", problem: "rate-limited" });
  });

  test("never names the claim or header that it counts by", async () => {
    const exchange = fakeExchange({ headers: { "x-internal-till": "4" } });
    await runHooks(createHooks("5/min per header:x-internal-till"), exchange);
    expect(exchange.response.headers.flat.join(" ")).not.toContain("till");
  });

  test("leaves the response alone when the request never got as far as this limit", () => {
    const exchange = fakeExchange();
    createHooks("5/min").response?.(exchange);
    expect(exchange.response.headers.flat).toEqual([]);
  });

  test("shares the budget of a limit at the top between routes, and not that of a limit on a route", () => {
    const outcomes = (declaredOn: GuardEnv["declaredOn"]) => {
      const limiter = naiveLimiter(fakeClock());
      return ["GET /a", "GET /b"].map((id) => {
        const route = { id, pattern: id, methods: ["GET"], page: false, files: false };
        return createHooks("1/min", { limiter, route, declaredOn }).request?.(fakeExchange());
      });
    };
    expect(outcomes("policy")).toMatchObject([{ kind: "pass" }, { kind: "deny" }]);
    expect(outcomes("route")).toMatchObject([{ kind: "pass" }, { kind: "pass" }]);
  });

  test("stays synchronous with a synchronous limiter and waits for one that is not", async () => {
    expect(createHooks("1/min").request?.(fakeExchange())).toEqual({ kind: "pass" });
    const store = naiveLimiter(fakeClock());
    const hooks = createHooks("1/min", { limiter: { take: async (...call) => store.take(...call) } });
    await expect(hooks.request?.(fakeExchange())).resolves.toEqual({ kind: "pass" });
    await expect(hooks.request?.(fakeExchange())).resolves.toMatchObject({ kind: "deny", problem: "rate-limited" });
  });

  test("lets calls through again after the window", async () => {
    const clock = fakeClock();
    const hooks = createHooks("1/min", { clock, limiter: naiveLimiter(clock) });
    expect(hooks.request?.(fakeExchange())).toMatchObject({ kind: "pass" });
    expect(hooks.request?.(fakeExchange())).toMatchObject({ kind: "deny" });
    await clock.advance(60_000);
    expect(hooks.request?.(fakeExchange())).toMatchObject({ kind: "pass" });
  });

  test("explains itself", () => {
    expect(rateLimit.describe?.(rateLimit.options.parse("5/min per subject, burst 20"))).toBe(
      "at most 5/min per subject, burst 20",
    );
  });
});

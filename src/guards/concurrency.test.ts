import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, fakePrincipal } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { concurrency } from "./concurrency.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

const elsewhere = { address: "198.51.100.9", key: "198.51.100.9" };

testGuard(concurrency, {
  passes: [
    { name: "calls up to the cap", options: { max: 2 }, before: [{}] },
    { name: "another address", options: { max: 1 }, before: [{}], exchange: { client: elsewhere } },
    {
      name: "another subject at the same address",
      options: { max: 1, per: "subject" },
      before: [{ principal: fakePrincipal({ subject: "alice" }) }],
      exchange: { principal: fakePrincipal({ subject: "bob" }) },
    },
  ],
  denies: [
    {
      name: "one more than the cap",
      options: { max: 2 },
      before: [{}, {}],
      problem: "too-many-in-flight",
      headers: { "retry-after": "1" },
    },
    {
      name: "anybody once the route is full",
      options: { max: 1, per: "route" },
      before: [{}],
      exchange: { client: elsewhere },
      problem: "too-many-in-flight",
    },
  ],
});

describe("concurrency", () => {
  function createHooks(env: GuardEnv) {
    return concurrency.create(concurrency.options.parse({ max: 1 }), env);
  }

  test("gives the place back when the exchange ends, exactly once", () => {
    const hooks = createHooks(fakeEnv());
    const ask = () => {
      const exchange = fakeExchange();
      return { exchange, verdict: hooks.request?.(exchange) };
    };
    const first = ask();
    expect(ask().verdict).toMatchObject({ kind: "deny" });
    first.exchange.end();
    first.exchange.leave();
    expect(ask().verdict).toMatchObject({ kind: "pass" });
    expect(ask().verdict).toMatchObject({ kind: "deny" });
  });

  test("takes no place for a call that it refuses", () => {
    const hooks = createHooks(fakeEnv());
    const [first, refused] = [fakeExchange(), fakeExchange()];
    hooks.request?.(first);
    hooks.request?.(refused);
    refused.end();
    expect(hooks.request?.(fakeExchange())).toMatchObject({ kind: "deny" });
  });

  test("counts the routes of a cap at the top together, and calls that began under an older policy too", () => {
    const env = fakeEnv({ declaredOn: "policy" });
    const other = { ...env, route: { id: "GET /b", pattern: "/b", methods: ["GET"], page: false, files: false } };
    const first = fakeExchange();
    createHooks(env).request?.(first);
    const afterReload = createHooks(other);
    expect(afterReload.request?.(fakeExchange())).toMatchObject({ kind: "deny" });
    first.end();
    expect(afterReload.request?.(fakeExchange())).toMatchObject({ kind: "pass" });
  });

  test("knows the subject only after authentication", () => {
    const stageOf = (per: "address" | "subject" | "route") => concurrency.stage({ max: 1, per });
    expect([stageOf("address"), stageOf("route"), stageOf("subject")]).toEqual(["traffic", "traffic", "quota"]);
  });

  test("explains itself", () => {
    expect(concurrency.describe?.({ max: 20, per: "subject" })).toBe("at most 20 in flight at once per subject");
  });
});

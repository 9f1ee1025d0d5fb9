import { describe, expect, test } from "vitest";
import { createMemoryLimiter } from "../state/memory.ts";
import { fakeClock, fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { loginProtection } from "./login-protection.ts";
import type { Verdict } from "./contract/verdict.ts";

const wrong = { response: { status: 401 } };
const bob = { method: "POST", parsedBody: { email: "bob@shop.example", password: "x" } };

testGuard(loginProtection, {
  passes: [
    { name: "a login that works", options: { account: "email" }, exchange: { ...bob, response: { status: 200 } } },
  ],
  denies: [
    {
      name: "a login that fails, in its own words",
      options: { account: "email", answerAfter: "0s" },
      exchange: { ...bob, ...wrong },
      problem: "login-failed",
    },
    {
      name: "more guesses for an account than it may have",
      options: { account: "email", perAccount: "1/h", answerAfter: "0s" },
      before: [{ ...bob, ...wrong }],
      exchange: { ...bob, client: { address: "192.0.2.9", key: "192.0.2.9" } },
      problem: "rate-limited",
      headers: { "retry-after": "3600" },
    },
    {
      name: "more guesses from an address than it may make",
      options: { account: "email", perAddress: "1/h", answerAfter: "0s" },
      before: [{ ...bob, ...wrong }],
      exchange: { ...bob, parsedBody: { email: "alice@shop.example" } },
      problem: "rate-limited",
    },
  ],
});

function start(more: Record<string, unknown> = {}) {
  const clock = fakeClock();
  const limiter = createMemoryLimiter({ clock });
  const options = loginProtection.options.parse({ account: "email", perAccount: "3/h", answerAfter: "0s", ...more });
  const hooks = loginProtection.create(options, fakeEnv({ clock, limiter }));
  async function attempt(status: number, init: FakeExchangeInit = {}): Promise<Verdict | undefined> {
    const exchange = fakeExchange({ ...bob, startedAt: clock.now(), response: { status }, ...init });
    const before = await hooks.request?.(exchange);
    if (before && before.kind !== "pass") return before;
    return (await hooks.response?.(exchange)) ?? undefined;
  }
  const problemOf = async (status: number, init?: FakeExchangeInit) => {
    const verdict = await attempt(status, init);
    return verdict?.kind === "deny" ? verdict.problem : undefined;
  };
  return { clock, hooks, problemOf };
}

describe("what is counted", () => {
  test("is failures only: a thousand good logins lock nobody out", async () => {
    const { problemOf } = start();
    for (let n = 0; n < 1000; n += 1) expect(await problemOf(200)).toBeUndefined();
    expect(await problemOf(401)).toBe("login-failed");
  });

  test("is not what nobody has judged: a service that is away, another guard's refusal", async () => {
    const { problemOf } = start();
    for (let n = 0; n < 50; n += 1) {
      expect(await problemOf(503)).toBeUndefined();
      expect(await problemOf(400, { response: { status: 400, origin: "gateway" } })).toBeUndefined();
    }
    expect(await problemOf(401)).toBe("login-failed");
  });

  test("is every spelling of the same account, from every address", async () => {
    const { problemOf } = start();
    const spellings = ["bob@shop.example", " Bob@Shop.Example ", "ＢＯＢ@shop.example", "bob@shop.example"];
    const problems: (string | undefined)[] = [];
    for (const [at, email] of spellings.entries()) {
      const client = { address: `192.0.2.${at}`, key: `192.0.2.${at}` };
      problems.push(await problemOf(401, { parsedBody: { email }, client }));
    }
    expect(problems).toEqual(["login-failed", "login-failed", "login-failed", "rate-limited"]);
  });

  test("is each of many attempts at once", async () => {
    const { hooks } = start();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => hooks.request?.(fakeExchange(bob))));
    expect(verdicts.filter((verdict) => verdict?.kind === "pass")).toHaveLength(3);
  });

  test("is a body without an account, too", async () => {
    const { problemOf } = start();
    const problems = [];
    for (let n = 0; n < 4; n += 1) problems.push(await problemOf(422, { parsedBody: { email: { $ne: null } } }));
    expect(problems.at(-1)).toBe("rate-limited");
  });

  test("is forgotten in time", async () => {
    const { problemOf, clock } = start();
    for (let n = 0; n < 3; n += 1) await problemOf(401);
    expect(await problemOf(401)).toBe("rate-limited");
    await clock.advance(20 * 60_000);
    expect(await problemOf(200)).toBeUndefined();
  });
});

describe("what a failure tells", () => {
  test("is the same whatever the service said", async () => {
    const { problemOf } = start({ perAccount: "100/h" });
    for (const status of [400, 401, 403, 404, 409, 422]) expect(await problemOf(status)).toBe("login-failed");
  });

  test("comes no sooner than said, however fast the service was", async () => {
    const { clock, hooks } = start({ answerAfter: "400ms" });
    const exchange = fakeExchange({ ...bob, ...wrong, startedAt: clock.now() });
    await hooks.request?.(exchange);
    let answered = false;
    const answering = Promise.resolve(hooks.response?.(exchange)).then(() => (answered = true));
    await clock.advance(399);
    expect(answered).toBe(false);
    await clock.advance(1);
    await answering;
    expect(exchange.notes).toMatchObject([{ event: "login.failed" }]);
  });
});

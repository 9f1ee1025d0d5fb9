import { describe, expect, test } from "vitest";
import { fakeClock, fakeEnv, fakeExchange, naiveLimiter, settle } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { throttle } from "./throttle.ts";

const elsewhere = { address: "198.51.100.9", key: "198.51.100.9" };

testGuard(throttle, {
  passes: [
    { name: "calls within the rate", options: "2/s, queue 0", before: [{}] },
    { name: "another address", options: "1/s, queue 0", before: [{}], exchange: { client: elsewhere } },
    { name: "calls within the rate, written as an object", options: { rate: "1/s", queue: 5, wait: "2s" } },
  ],
  denies: [
    {
      name: "the next call where nobody may wait",
      options: "1/s, queue 0",
      before: [{}],
      problem: "queue-full",
      headers: { "retry-after": "1" },
    },
    {
      name: "a call whose turn comes too late",
      options: "1/min, wait 5s",
      before: [{}],
      problem: "queue-full",
      headers: { "retry-after": "60" },
    },
  ],
});

describe("throttle", () => {
  function createHooks(options: string, async = false) {
    const clock = fakeClock();
    const store = naiveLimiter(clock);
    const limiter = async ? { take: async (...call: Parameters<typeof store.take>) => store.take(...call) } : store;
    const hooks = throttle.create(throttle.options.parse(options), fakeEnv({ clock, limiter }));
    const outcomes: string[] = [];
    const began = clock.now();
    const send = (name: string, exchange = fakeExchange()) => {
      void Promise.resolve(hooks.request?.(exchange)).then((verdict) => {
        outcomes.push(`${name} ${verdict?.kind} after ${clock.now() - began}`);
      });
      return exchange;
    };
    return { clock, outcomes, send };
  }

  test("releases waiting calls one by one at the rate", async () => {
    const { clock, outcomes, send } = createHooks("10/s, burst 1, queue 3, wait 1s");
    for (const name of ["first", "second", "third", "fourth", "fifth"]) send(name);
    await settle();
    expect(outcomes).toEqual(["first pass after 0", "fifth deny after 0"]);
    await clock.advance(1_000);
    expect(outcomes.slice(2)).toEqual(["second pass after 100", "third pass after 200", "fourth pass after 300"]);
  });

  test("gives a client's place in the queue to the next when it goes away", async () => {
    const { clock, outcomes, send } = createHooks("10/s, burst 1, queue 1, wait 1s");
    send("first");
    const second = send("second");
    send("third");
    await settle();
    second.leave();
    await settle();
    expect(outcomes).toEqual(["first pass after 0", "third deny after 0", "second deny after 0"]);
    expect(clock.sleepers).toBe(0);
    send("fourth");
    await settle();
    expect(clock.sleepers).toBe(1);
  });

  test("keeps one caller from filling the queue of another", async () => {
    const { clock, send } = createHooks("10/s, burst 1, queue 2, wait 1s");
    for (let call = 0; call < 5; call += 1) send("greedy");
    for (let call = 0; call < 2; call += 1) send("modest", fakeExchange({ client: elsewhere }));
    await settle();
    expect(clock.sleepers).toBe(3);
  });

  test("keeps the queue bounded when the limiter answers late", async () => {
    const { clock, outcomes, send } = createHooks("10/s, burst 1, queue 1, wait 5s", true);
    for (const name of ["first", "second", "third", "fourth"]) send(name);
    await settle();
    expect(clock.sleepers).toBe(1);
    expect(outcomes.filter((outcome) => outcome.includes("deny"))).toHaveLength(2);
  });

  test("passes a failure of the clock on", async () => {
    const clock = fakeClock();
    const broken = { ...clock, sleep: () => Promise.reject(new Error("no timer")) };
    const hooks = throttle.create(throttle.options.parse("1/s"), fakeEnv({ clock: broken }));
    hooks.request?.(fakeExchange());
    await expect(hooks.request?.(fakeExchange())).rejects.toThrow("no timer");
  });

  test("reads the same from text and from an object", () => {
    expect(throttle.options.parse("10/s per subject, queue 50, wait 2s")).toEqual(
      throttle.options.parse({ rate: "10/s per subject", queue: 50, wait: "2s" }),
    );
    expect(throttle.options.parse("10/s")).toMatchObject({ queue: 100, wait: 5_000 });
    expect(throttle.stage(throttle.options.parse("10/s"))).toBe("traffic");
    expect(throttle.stage(throttle.options.parse("10/s per subject, queue 50"))).toBe("quota");
  });

  test.each([
    ["often", "is not a rate"],
    ["10/s, wait 5parsecs", "is not a duration"],
    ["10/s, queue 99999999", "<=10000"],
  ])("says what is wrong with %j", (text, message) => {
    const result = throttle.options.safeParse(text);
    expect(JSON.stringify(result.error?.issues)).toContain(message);
  });

  test("explains itself", () => {
    expect(throttle.describe?.(throttle.options.parse("10/s, queue 50"))).toBe(
      "at most 10/s per address; up to 50 more wait for their turn, 5s at most",
    );
  });
});

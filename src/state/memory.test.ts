import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fakeClock, naiveLimiter } from "../../test/support/exchange.ts";
import type { Limit } from "../lib/limit.ts";
import { createMemoryLimiter } from "./memory.ts";

const seed = new Uint32Array([0x9e3779b9, 0x7f4a7c15]);
const hundredPerMinute: Limit = { count: 100, windowMs: 60_000, burst: 100 };

function createLimiter(ceiling?: number) {
  const clock = fakeClock();
  return { clock, limiter: createMemoryLimiter({ clock, seed, ...(ceiling === undefined ? {} : { ceiling }) }) };
}

describe("createMemoryLimiter", () => {
  test("lets a burst through, then one call for each interval", async () => {
    const { clock, limiter } = createLimiter();
    const limit = { count: 6, windowMs: 60_000, burst: 3 };
    const take = () => limiter.take("alice", limit, 1).allowed;
    expect([take(), take(), take(), take()]).toEqual([true, true, true, false]);
    await clock.advance(9_000);
    expect(take()).toBe(false);
    await clock.advance(1_000);
    expect([take(), take()]).toEqual([true, false]);
  });

  test("says what is left, when it is whole again, and how long to wait", () => {
    const { limiter } = createLimiter();
    expect(limiter.take("alice", hundredPerMinute, 1)).toEqual({
      allowed: true,
      remaining: 99,
      resetMs: 600,
      waitMs: 0,
    });
    expect(limiter.take("alice", hundredPerMinute, 99)).toMatchObject({ allowed: true, remaining: 0, resetMs: 60_000 });
    expect(limiter.take("alice", hundredPerMinute, 10)).toEqual({
      allowed: false,
      remaining: 0,
      resetMs: 60_000,
      waitMs: 6_000,
    });
  });

  test("takes nothing for a refused call", () => {
    const { limiter } = createLimiter();
    limiter.take("alice", hundredPerMinute, 60);
    expect(limiter.take("alice", hundredPerMinute, 50).allowed).toBe(false);
    expect(limiter.take("alice", hundredPerMinute, 40).allowed).toBe(true);
  });

  test("reserves a later turn for a call that may wait, each after the one before", () => {
    const { limiter } = createLimiter();
    const limit = { count: 10, windowMs: 1_000, burst: 1 };
    const waits = [0, 1, 2, 3].map(() => limiter.take("alice", limit, 1, 250));
    expect(waits.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(waits.map(({ waitMs }) => waitMs)).toEqual([0, 100, 200, 300]);
  });

  test.each([3, 7, 11, 13, 49, 997, 100_003])(
    "grants exactly the %i calls of a burst that divides nothing",
    (count) => {
      const { limiter } = createLimiter();
      const limit = { count, windowMs: 60_000, burst: count };
      let allowed = 0;
      for (let call = 0; call < count + 5; call += 1) if (limiter.take("alice", limit, 1).allowed) allowed += 1;
      expect(allowed).toBe(count);
    },
  );

  test("does not lock anybody out when the clock is set back", () => {
    let now = Date.UTC(2026, 0, 1, 12);
    const clock = { ...fakeClock(), now: () => now };
    const limiter = createMemoryLimiter({ clock, seed });
    limiter.take("alice", hundredPerMinute, 100);
    now -= 3_600_000;
    expect(limiter.take("alice", hundredPerMinute, 1)).toMatchObject({ allowed: false, resetMs: 60_000 });
    now += 600;
    expect(limiter.take("alice", hundredPerMinute, 1).allowed).toBe(true);
  });

  test("decides as the plain reference does for every key while all keys have a place", () => {
    const limits = [
      { count: 10, windowMs: 1_000, burst: 10 },
      { count: 4, windowMs: 1_000, burst: 1 },
      { count: 6, windowMs: 60_000, burst: 20 },
    ];
    const step = fc.record({
      key: fc.constantFrom("alice", "bob", "192.0.2.7", "2001:db8::/64", "ünï"),
      limit: fc.nat({ max: limits.length - 1 }),
      cost: fc.constant(1),
      maxWaitMs: fc.constantFrom(0, 0, 500, 5_000),
      laterMs: fc.nat({ max: 4_000 }),
    });
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, limiter } = createLimiter();
        const reference = naiveLimiter(clock);
        for (const { key, limit: which, cost, maxWaitMs, laterMs } of steps) {
          await clock.advance(laterMs);
          const limit = limits[which] ?? hundredPerMinute;
          const call = [`${which} ${key}`, limit, cost, maxWaitMs] as const;
          expect(limiter.take(...call)).toEqual(reference.take(...call));
        }
      }),
      { numRuns: 60 },
    );
  });

  test("keeps its memory, and the count of clients near their limit, while a million addresses pass", () => {
    const { limiter } = createLimiter();
    const before = limiter.bytes;
    const active = Array.from({ length: 1_000 }, (_, at) => `client ${at}`);
    for (const client of active) expect(limiter.take(client, hundredPerMinute, 98).allowed).toBe(true);

    for (let stranger = 0; stranger < 1_000_000; stranger += 1)
      limiter.take(`stranger ${stranger}`, hundredPerMinute, 1);

    expect(limiter.bytes).toBe(before);
    expect(limiter.bytes).toBeLessThan(4_000_000);
    for (const client of active) {
      expect(limiter.take(client, hundredPerMinute, 1)).toMatchObject({ allowed: true, remaining: 1 });
      expect(limiter.take(client, hundredPerMinute, 2).allowed).toBe(false);
    }
  });

  test("weighs debt in calls, so that a flood on a slow limit does not push out heavy users of a fast one", () => {
    const { limiter } = createLimiter(64);
    const fivePerHour = { count: 5, windowMs: 3_600_000, burst: 5 };
    limiter.take("alice", hundredPerMinute, 90);
    for (let stranger = 0; stranger < 10_000; stranger += 1) limiter.take(`stranger ${stranger}`, fivePerHour, 1);
    expect(limiter.take("alice", hundredPerMinute, 11).allowed).toBe(false);
  });

  test("still counts newcomers when every place is taken", () => {
    const { limiter } = createLimiter(8);
    for (const heavy of "abcdefgh") limiter.take(heavy, hundredPerMinute, 90);
    limiter.take("newcomer", hundredPerMinute, 100);
    expect(limiter.take("newcomer", hundredPerMinute, 1).allowed).toBe(false);
  });

  test("draws a seed of its own where none is given", () => {
    expect(createMemoryLimiter({ clock: fakeClock() }).take("alice", hundredPerMinute, 1).allowed).toBe(true);
  });
});

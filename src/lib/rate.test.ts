import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { LimitKey } from "./limit-key.ts";
import { formatRate, parseRate, type Rate, type RateObject, rateOption } from "./rate.ts";

const address: LimitKey[] = [{ kind: "address" }];

describe("parseRate", () => {
  test.each<[string | RateObject, Rate]>([
    ["100/min", { limit: { count: 100, windowMs: 60_000, burst: 100 }, per: address, cost: 1 }],
    ["100/m", { limit: { count: 100, windowMs: 60_000, burst: 100 }, per: address, cost: 1 }],
    ["1000/h per address", { limit: { count: 1000, windowMs: 3_600_000, burst: 1000 }, per: address, cost: 1 }],
    ["5/15min", { limit: { count: 5, windowMs: 900_000, burst: 5 }, per: address, cost: 1 }],
    [
      "5/min per subject, burst 20",
      { limit: { count: 5, windowMs: 60_000, burst: 20 }, per: [{ kind: "subject" }], cost: 1 },
    ],
    [
      "10/s per claim:tenant_id cost 5",
      { limit: { count: 10, windowMs: 1000, burst: 10 }, per: [{ kind: "claim", claim: "tenant_id" }], cost: 5 },
    ],
    [
      "20/s per header:X-Api-Client, burst 40, cost 2",
      { limit: { count: 20, windowMs: 1000, burst: 40 }, per: [{ kind: "header", header: "x-api-client" }], cost: 2 },
    ],
    [
      "100/min per address+route",
      { limit: { count: 100, windowMs: 60_000, burst: 100 }, per: [{ kind: "address" }, { kind: "route" }], cost: 1 },
    ],
    [
      "900/min per route, burst 1000, cost 2, quiet",
      { limit: { count: 900, windowMs: 60_000, burst: 1000 }, per: [{ kind: "route" }], cost: 2, quiet: true },
    ],
    [
      { count: 3, window: "15min", per: ["api-key", "route"], burst: 1 },
      { limit: { count: 3, windowMs: 900_000, burst: 1 }, per: [{ kind: "api-key" }, { kind: "route" }], cost: 1 },
    ],
  ])("reads %j", (rate, expected) => {
    expect(parseRate(rate)).toEqual(expected);
  });

  test.each([
    ["100", "is not a rate"],
    ["100/minute", "is not a duration"],
    ["100 / min", "is not a rate"],
    ["0/min", "whole number from 1"],
    ["1.5/min", "is not a rate"],
    ["5/0s", "lasts from"],
    ["99999999999/s", "whole number from 1"],
    ["5/min per", "is not a rate"],
    ["5/min per ip", "nothing that calls can be counted by"],
    ["5/min per address+address", "names a key twice"],
    ["5/min per address+", "nothing that calls can be counted by"],
    ["5/min, burst 0", "whole number from 1"],
    ["5/min, cost 6", "can never pass"],
    ["5/min, cost 2, burst 9", "is not a rate"],
    ["5/min, quiet, cost 2", "is not a rate"],
  ])("refuses %j", (text, message) => {
    expect(() => parseRate(text)).toThrow(message);
  });
});

describe("formatRate", () => {
  test("names what is counted by, and burst and cost where they differ", () => {
    expect(formatRate(parseRate("100/1min"))).toBe("100/min per address");
    expect(formatRate(parseRate("100/90s per subject cost 3"))).toBe("100/90s per subject, cost 3");
    expect(formatRate(parseRate("10/10s, burst 2"))).toBe("10/10s per address, burst 2");
  });

  test("writes what parseRate reads back", () => {
    const count = fc.integer({ min: 1, max: 1_000_000_000 });
    const unit = fc.constantFrom("ms", "s", "min", "h", "d");
    const per = fc.uniqueArray(fc.constantFrom("address", "subject", "route", "claim:a", "header:b"), { minLength: 1 });
    const rates = fc.record({ count, size: fc.integer({ min: 1, max: 300 }), unit, per, burst: count, cost: count });
    fc.assert(
      fc.property(rates, ({ size, unit, cost, ...rest }) => {
        const rate = parseRate({ ...rest, window: `${size}${unit}`, cost: Math.min(cost, rest.burst) });
        expect(parseRate(formatRate(rate))).toEqual(rate);
      }),
    );
  });
});

describe("rateOption", () => {
  test("takes text and objects", () => {
    expect(rateOption.parse("5/s").limit.count).toBe(5);
    expect(rateOption.parse({ count: 5, window: "s" }).limit.windowMs).toBe(1000);
  });

  test.each(["often", 5, { count: 5, window: "s", bursts: 3 }])("says what to write instead of %j", (input) => {
    const message = z.prettifyError(rateOption.safeParse(input).error ?? new z.ZodError([]));
    expect(message).toMatch(/Write a rate|is not a rate\. Write|Unrecognized key: "bursts"/);
  });
});

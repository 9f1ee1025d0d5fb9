import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { duration, durationOption, formatDuration, parseDuration } from "./duration.ts";

describe("parseDuration", () => {
  test.each([
    ["250ms", 250],
    ["5s", 5_000],
    ["1min", 60_000],
    ["1m", 60_000],
    ["2h", 7_200_000],
    ["7d", 604_800_000],
    ["0s", 0],
  ])("reads %s as %d milliseconds", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(["", "5", "s", "5 s", "-5s", "1.5s", "5S", "1e3s", "5sec", "99999999999999999999d", "5s\n"])(
    "refuses %j and names what is accepted",
    (text) => {
      expect(() => parseDuration(text)).toThrow("(ms, s, min, h or d)");
    },
  );

  test("does not repeat an endless text in its message", () => {
    expect(() => parseDuration("x".repeat(10_000))).toThrow(/^.{0,200}$/);
  });

  test("reads back what formatDuration writes", () => {
    fc.assert(fc.property(fc.nat(), (span) => parseDuration(formatDuration(span)) === span));
  });
});

describe("durationOption", () => {
  test("puts the default where the policy is silent", () => {
    expect(z.object({ timeout: durationOption("5s") }).parse({})).toEqual({ timeout: 5_000 });
  });

  test("says what to write", () => {
    const result = duration.safeParse("soon");
    expect(result.error?.issues[0]?.message).toContain('"soon" is not a duration. Write a whole number and a unit');
    expect(duration.safeParse(5).error?.issues[0]?.message).toContain("Write a duration");
  });

  test("appears as text with a default in the JSON Schema", () => {
    expect(z.toJSONSchema(durationOption("5s"), { io: "input" })).toMatchObject({ type: "string", default: "5s" });
  });
});

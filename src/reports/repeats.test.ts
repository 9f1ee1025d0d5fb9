import { expect, test } from "vitest";
import { fakeClock } from "../../test/support/clock.ts";
import { createRepeats } from "./repeats.ts";
import type { Report } from "./report.ts";

const reportOf = (name: string): Report => ({
  event: "csp.violated",
  reason: name,
  facts: { blocked: name },
  sameness: [name],
  from: "",
  subjects: [],
});

function repeatsOf(ceiling = 100) {
  const clock = fakeClock();
  return { clock, repeats: createRepeats({ clock, windowMs: 1000, ceiling }) };
}

test("a report is held back from its telling to the end of its window, and then told anew with its count", async () => {
  const { clock, repeats } = repeatsOf();
  expect(repeats.holdBack(reportOf("a"), "1")).toBe(false);
  repeats.remember(reportOf("a"), "1");
  expect([repeats.holdBack(reportOf("a"), "1"), repeats.holdBack(reportOf("a"), "2")]).toEqual([true, true]);
  expect(repeats.takeDue(9)).toEqual([]);
  await clock.advance(1000);
  expect(repeats.takeDue(9)).toMatchObject([{ report: { reason: "a" }, count: 2, clients: 2 }]);
  expect(repeats.takeDue(9)).toEqual([]);
  expect(repeats.holdBack(reportOf("a"), "1")).toBe(false);
});

test("what did not come again is not told again", async () => {
  const { clock, repeats } = repeatsOf();
  repeats.remember(reportOf("a"), "1");
  await clock.advance(5000);
  expect([repeats.takeDue(9), repeats.size]).toEqual([[], 0]);
});

test("two reports are the same by what makes them so, and not by their particulars", () => {
  const { repeats } = repeatsOf();
  repeats.remember(reportOf("a"), "1");
  expect(repeats.holdBack({ ...reportOf("a"), facts: { line: "7" } }, "1")).toBe(true);
  expect(repeats.holdBack({ ...reportOf("a"), event: "browser.failed" }, "1")).toBe(false);
});

test("a full table lets the oldest go with its count, and holds no more than its ceiling", () => {
  const { repeats } = repeatsOf(3);
  for (const name of ["a", "b", "c"]) repeats.remember(reportOf(name), "1");
  repeats.holdBack(reportOf("a"), "1");
  repeats.remember(reportOf("d"), "1");
  expect(repeats.size).toBe(3);
  expect(repeats.holdBack(reportOf("a"), "1")).toBe(false);
  expect(repeats.takeDue(9)).toMatchObject([{ report: { reason: "a" }, count: 1 }]);
});

test("what is due is told in portions", async () => {
  const { clock, repeats } = repeatsOf();
  for (let index = 0; index < 5; index += 1) {
    repeats.remember(reportOf(String(index)), "1");
    repeats.holdBack(reportOf(String(index)), "1");
  }
  await clock.advance(1000);
  expect([2, 2, 2].map((most) => repeats.takeDue(most).length)).toEqual([2, 2, 1]);
});

test("sixteen addresses are told apart, and a flood of them takes no more room", () => {
  const { repeats } = repeatsOf(1);
  repeats.remember(reportOf("a"), "0");
  for (let index = 0; index < 10_000; index += 1) repeats.holdBack(reportOf("a"), String(index));
  repeats.remember(reportOf("b"), "0");
  expect(repeats.takeDue(1)).toMatchObject([{ count: 10_000, clients: 16 }]);
});

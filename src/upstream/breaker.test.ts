import { expect, test } from "vitest";
import { createBreaker } from "./breaker.ts";

function breakerAt(start: number) {
  const clock = { time: start, now: () => clock.time, sleep: () => Promise.resolve() };
  return { clock, breaker: createBreaker({ failures: 3, openMs: 1000 }, clock) };
}

function fail(breaker: ReturnType<typeof createBreaker>, times: number): void {
  for (let count = 0; count < times; count += 1) {
    breaker.admits();
    breaker.failed();
  }
}

test("failures in a row open the circuit; one success in between starts the count anew", () => {
  const { breaker } = breakerAt(0);
  fail(breaker, 2);
  breaker.succeeded();
  fail(breaker, 2);
  expect(breaker.state).toBe("closed");
  fail(breaker, 1);
  expect(breaker.state).toBe("open");
  expect(breaker.admits()).toBe(false);
});

test("after a while one call tries, and the others wait for what becomes of it", () => {
  const { breaker, clock } = breakerAt(0);
  fail(breaker, 3);
  clock.time = 1000;
  expect(breaker.admits()).toBe(true);
  expect(breaker.admits()).toBe(false);
  breaker.succeeded();
  expect(breaker.state).toBe("closed");
  expect(breaker.admits()).toBe(true);
});

test("a trial that fails opens the circuit for another while", () => {
  const { breaker, clock } = breakerAt(0);
  fail(breaker, 3);
  clock.time = 1000;
  breaker.admits();
  breaker.failed();
  clock.time = 1999;
  expect(breaker.admits()).toBe(false);
  clock.time = 2000;
  expect(breaker.admits()).toBe(true);
});

test("a trial whose client went away leaves the place to the next", () => {
  const { breaker, clock } = breakerAt(0);
  fail(breaker, 3);
  clock.time = 1000;
  breaker.admits();
  breaker.abandoned();
  expect(breaker.admits()).toBe(true);
});

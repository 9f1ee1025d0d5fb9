import { expect, test } from "vitest";
import { createUnknownKids } from "./unknown-kids.ts";

test("remembers an unknown kid for a minute", () => {
  const kids = createUnknownKids();
  kids.add("old", 0);
  expect(kids.has("old", 59_999)).toBe(true);
  expect(kids.has("old", 60_000)).toBe(false);
  expect(kids.has("new", 1)).toBe(false);
});

test("remembers at most a thousand, the newest ones", () => {
  const kids = createUnknownKids();
  for (let count = 0; count < 5_000; count += 1) kids.add(`kid-${count}`, 0);
  expect(kids.size).toBe(1_000);
  expect(kids.has("kid-4999", 1)).toBe(true);
  expect(kids.has("kid-3999", 1)).toBe(false);
});

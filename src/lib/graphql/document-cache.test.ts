import { expect, test } from "vitest";
import { createDocumentCache } from "./document-cache.ts";

function counting(limits: { maxEntries: number; maxBytes: number }) {
  const read: string[] = [];
  const cache = createDocumentCache((text) => {
    read.push(text);
    return { refused: "invalid", reason: text };
  }, limits);
  return { cache, read };
}

test("a document that comes a third time is not read again", () => {
  const { cache, read } = counting({ maxEntries: 10, maxBytes: 10_000 });
  expect(["a", "a", "a", "a"].map((text) => cache.get(text))).toEqual(
    Array.from({ length: 4 }, () => ({ refused: "invalid", reason: "a" })),
  );
  expect(read).toEqual(["a", "a"]);
});

test("what is asked for stays, whatever else comes by", () => {
  const { cache, read } = counting({ maxEntries: 20, maxBytes: 100_000 });
  for (const text of ["known", "known"]) cache.get(text);
  for (let n = 0; n < 1000; n += 1) {
    cache.get(`new ${n}`);
    cache.get("known");
  }
  expect(read.filter((text) => text === "known").length).toBe(2);
});

test("neither entries nor bytes ever exceed their bounds, and one large document displaces nothing", () => {
  const { cache } = counting({ maxEntries: 50, maxBytes: 12_000 });
  for (let n = 0; n < 2000; n += 1) {
    const text = `${"x".repeat(n % 150)}${n}`;
    cache.get(text);
    cache.get(text);
    cache.get(`${n}${"y".repeat(3000)}`);
    expect(cache.entries).toBeLessThanOrEqual(50);
    expect(cache.bytes).toBeLessThanOrEqual(12_000);
  }
  expect(cache.entries).toBeGreaterThan(5);
});

test("without room nothing is kept", () => {
  const { cache } = counting({ maxEntries: 0, maxBytes: 10_000 });
  for (const text of ["a", "a", "a"]) cache.get(text);
  expect([cache.entries, cache.bytes]).toEqual([0, 0]);
});

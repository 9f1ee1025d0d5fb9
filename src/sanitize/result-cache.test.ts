import fc from "fast-check";
import { expect, test } from "vitest";
import { createResultCache } from "./result-cache.ts";

const roomy = { maxSize: 1_000_000, maxEntries: 1000 };

test("knows what it was told, and nothing else", () => {
  const cache = createResultCache(roomy, 7);
  cache.set("<b>x", "<b>x</b>");
  cache.set("same", "same");
  expect([cache.get("<b>x"), cache.get("same"), cache.get("<b>y"), cache.get("")]).toEqual([
    "<b>x</b>",
    "same",
    undefined,
    undefined,
  ]);
});

test("gives the very string back that was asked for where it was clean", () => {
  const cache = createResultCache(roomy, 7);
  cache.set("clean", "clean");
  expect(cache.size).toBeLessThan(200);
  expect(cache.get("clean")).toBe("clean");
});

test("never takes one text for another, however alike they are and whatever the seed", () => {
  fc.assert(
    fc.property(fc.integer(), fc.array(fc.string({ maxLength: 300 }), { maxLength: 30 }), (seed, texts) => {
      const cache = createResultCache(roomy, seed);
      for (const text of texts) cache.set(text, `${text}!`);
      for (const text of texts) expect([`${text}!`, undefined]).toContain(cache.get(text));
      for (const text of texts)
        expect(cache.get(`${text}?`)).toBe(texts.includes(`${text}?`) ? `${text}?!` : undefined);
    }),
  );
});

test("finds a text among others that agree with it in all but one character", () => {
  const cache = createResultCache(roomy, 3);
  const texts = Array.from({ length: 5 }, (_, at) => `${"a".repeat(500 + at)}b${"a".repeat(500 - at)}`);
  for (const text of texts) cache.set(text, text.toUpperCase());
  for (const text of texts) expect(cache.get(text)).toBe(text.toUpperCase());
});

test("keeps few of those that agree in every sampled place", () => {
  const cache = createResultCache(roomy, 3);
  // Nothing tells these apart but a place between the samples.
  const texts = Array.from(
    { length: 200 },
    (_, at) => `${"a".repeat(9100)}${String.fromCharCode(0x100 + at)}${"a".repeat(8900)}`,
  );
  for (const text of texts) cache.set(text, text);
  const known = texts.filter((text) => cache.get(text) !== undefined);
  expect([known.length <= 16, known.includes(texts[199] ?? "")]).toEqual([true, true]);
});

test("stays within its size and number, and keeps what is asked for", () => {
  const cache = createResultCache({ maxSize: 100_000, maxEntries: 100 }, 1);
  cache.set("asked for again", "and again");
  for (let at = 0; at < 10_000; at += 1) {
    cache.set(`${at} ${"x".repeat(at % 2000)}`, `${at}`);
    expect(cache.size).toBeLessThanOrEqual(100_000);
    if (at % 10 === 0) expect(cache.get("asked for again")).toBe("and again");
  }
  expect(cache.get("0 ")).toBeUndefined();
  expect(cache.get("9999 " + "x".repeat(9999 % 2000))).toBe("9999");
});

test("does not keep what would fill it alone", () => {
  const cache = createResultCache({ maxSize: 1000, maxEntries: 10 }, 1);
  cache.set("x".repeat(600), "y");
  expect([cache.size, cache.get("x".repeat(600))]).toEqual([0, undefined]);
});

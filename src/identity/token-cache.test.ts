import fc from "fast-check";
import { expect, test } from "vitest";
import type { VerifyKey } from "./key-set.ts";
import { createTokenCache } from "./token-cache.ts";
import type { VerifiedToken } from "./tokens.ts";

const later = 1_000_000;

function newKey(): VerifyKey {
  // The cache never verifies with the key, so that its key material may be missing here.
  return { kid: "2026", algorithm: "ES256", key: {} as CryptoKey, retired: false };
}

function verified(subject: string, { key = newKey(), expiresAt = later } = {}): VerifiedToken {
  const principal = { issuer: "https://id.example", subject, scopes: new Set<string>(), roles: new Set<string>() };
  return { kind: "verified", principal: { kind: "token", ...principal, claims: {} }, key, expiresAt };
}

test("gives back whom a token proved", () => {
  const cache = createTokenCache(10);
  cache.set("token-a", verified("alice"), 0);
  expect(cache.get("token-a", 1)?.subject).toBe("alice");
  expect(cache.get("token-b", 1)).toBeUndefined();
});

test("holds a token up to its expiry and not a moment longer", () => {
  const cache = createTokenCache(10);
  cache.set("token-a", verified("alice", { expiresAt: 100 }), 0);
  expect(cache.get("token-a", 99)?.subject).toBe("alice");
  expect(cache.get("token-a", 100)).toBeUndefined();
  expect(cache.size).toBe(0);
});

test("drops the tokens of a withdrawn key and keeps those of the others", () => {
  const cache = createTokenCache(10);
  const withdrawn = newKey();
  cache.set("token-a", verified("alice", { key: withdrawn }), 0);
  cache.set("token-b", verified("bob"), 0);
  withdrawn.retired = true;
  expect(cache.get("token-a", 1)).toBeUndefined();
  expect(cache.get("token-b", 1)?.subject).toBe("bob");
});

test("does not take in a token whose key was withdrawn while it was verified", () => {
  const cache = createTokenCache(10);
  cache.set("token-a", verified("alice", { key: { ...newKey(), retired: true } }), 0);
  expect(cache.get("token-a", 1)).toBeUndefined();
});

test("forgets whom it is told to forget, and says how many tokens that were", () => {
  const cache = createTokenCache(10);
  cache.set("token-a1", verified("alice"), 0);
  cache.set("token-a2", verified("alice"), 0);
  cache.set("token-b", verified("bob"), 0);
  expect(cache.forget(({ subject }) => subject === "alice")).toBe(2);
  expect(cache.get("token-a1", 1)).toBeUndefined();
  expect(cache.get("token-b", 1)?.subject).toBe("bob");
});

test("never holds more than it may, whatever comes", () => {
  const cache = createTokenCache(100);
  for (let count = 0; count < 10_000; count += 1) {
    cache.set(`token-${count}`, verified(`user-${count}`), 0);
    cache.get(`token-${count - 50}`, 1);
    expect(cache.size).toBeLessThanOrEqual(100);
  }
  expect(cache.size).toBe(100);
});

test("holds a single token where only one is allowed", () => {
  const cache = createTokenCache(1);
  cache.set("token-a", verified("alice"), 0);
  cache.get("token-a", 1);
  cache.set("token-b", verified("bob"), 1);
  expect(cache.size).toBe(1);
  expect(cache.get("token-b", 2)?.subject).toBe("bob");
});

test("keeps the tokens that are in use when a crowd of others passes through", () => {
  const cache = createTokenCache(100);
  const regulars = Array.from({ length: 50 }, (_, at) => `token-regular-${at}`);
  for (const token of regulars) cache.set(token, verified(`owner of ${token}`), 0);
  for (let count = 0; count < 1_000; count += 1) {
    for (const token of regulars) expect(cache.get(token, 1)?.subject).toBe(`owner of ${token}`);
    cache.set(`token-${count}`, verified(`user-${count}`), 1);
  }
});

test("makes room for a new token even when every other is in use", () => {
  const cache = createTokenCache(1_000);
  for (let count = 0; count < 1_000; count += 1) {
    cache.set(`token-${count}`, verified(`user-${count}`), 0);
    cache.get(`token-${count}`, 1);
  }
  cache.set("token-new", verified("alice"), 1);
  expect(cache.get("token-new", 2)?.subject).toBe("alice");
  expect(cache.size).toBe(1_000);
});

test("two tokens never meet, however alike their ends are", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 });
  const token = fc
    .tuple(text, fc.constantFrom("", "c".repeat(31), "c".repeat(32), "c".repeat(40)))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.array(token, { maxLength: 40 }),
      fc.array(token, { maxLength: 10 }),
      fc.integer({ min: 1, max: 8 }),
      (puts, gets, max) => {
        const cache = createTokenCache(max);
        for (const put of puts) {
          cache.set(put, verified(`owner of ${put}`), 0);
          expect(cache.size).toBeLessThanOrEqual(max);
          expect(cache.get(put, 1)?.subject).toBe(`owner of ${put}`);
          for (const get of gets) expect([undefined, `owner of ${get}`]).toContain(cache.get(get, 1)?.subject);
        }
      },
    ),
  );
});

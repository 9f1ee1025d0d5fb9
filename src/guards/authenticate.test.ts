import { expect, test } from "vitest";
import { fakeEnv, fakeExchange, fakePrincipal } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { authenticate } from "./authenticate.ts";
import { anonymous } from "./contract/exchange.ts";
import type { Authenticator } from "./contract/guard-env.ts";
import { deny, PASS } from "./contract/verdict.ts";

const alice = fakePrincipal({ subject: "alice" });
const expired = deny("invalid-token", "token expired 12 s ago", {
  headers: ["www-authenticate", 'Bearer realm="api", error="invalid_token"'],
});

function identity(found: ReturnType<Authenticator["authenticate"]>): { identity: Authenticator } {
  return { identity: { challenge: "Bearer", authenticate: () => found } };
}

testGuard(authenticate, {
  passes: [
    { name: "a caller without a credential", options: {}, env: identity(anonymous) },
    { name: "a caller who is known already", options: {}, env: identity(alice) },
    { name: "a caller whose token was verified just now", options: undefined, env: identity(Promise.resolve(alice)) },
  ],
  denies: [
    {
      name: "a bad credential, on a public route too",
      options: {},
      env: identity(expired),
      problem: "invalid-token",
      headers: { "www-authenticate": 'Bearer realm="api", error="invalid_token"' },
    },
    {
      name: "a credential that turned out bad after verification",
      options: {},
      env: identity(Promise.resolve(expired)),
      problem: "invalid-token",
    },
  ],
});

test("puts the caller on the exchange, at once where the caller is known", () => {
  const exchange = fakeExchange();
  const verdict = authenticate.create({}, fakeEnv(identity(alice))).request?.(exchange);
  expect(verdict).toBe(PASS);
  expect(exchange.principal).toBe(alice);
});

test("puts the caller on the exchange once the token is verified", async () => {
  const exchange = fakeExchange();
  await authenticate.create({}, fakeEnv(identity(Promise.resolve(alice)))).request?.(exchange);
  expect(exchange.principal).toBe(alice);
});

test("leaves the exchange anonymous when the credential is refused", () => {
  const exchange = fakeExchange();
  void authenticate.create({}, fakeEnv(identity(expired))).request?.(exchange);
  expect(exchange.principal).toBe(anonymous);
});

import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { fakeClock } from "../../test/support/clock.ts";
import { fakeExchange } from "../../test/support/exchange.ts";
import { anonymous, type Exchange } from "../guards/contract/exchange.ts";
import type { Denial } from "../guards/contract/verdict.ts";
import { createAuthenticator, type IdentityEnv } from "./authenticator.ts";
import { identityOptions } from "./options.ts";

const clock = fakeClock();
const issuer = "https://id.example";
const { publicKey, privateKey } = await generateKeyPair("ES256", { extractable: true });
const jwk = { ...(await exportJWK(publicKey)), kid: "spring" };
const offline: IdentityEnv = { clock, fetch: () => Promise.reject(new TypeError("fetch failed")) };

function optionsWith(source: object) {
  return identityOptions.parse({ issuers: [{ issuer, audience: "shop-api", algorithms: ["ES256"], ...source }] });
}

async function startLocal() {
  const authenticator = createAuthenticator(optionsWith({ keys: { keys: [jwk] } }), offline);
  await authenticator.start();
  return authenticator;
}

function sign({ subject = "alice", lifetimeSeconds = 600 } = {}): Promise<string> {
  const now = clock.now() / 1000;
  return new SignJWT({ scope: "orders:read" })
    .setProtectedHeader({ alg: "ES256", kid: "spring", typ: "at+jwt" })
    .setIssuer(issuer)
    .setAudience("shop-api")
    .setSubject(subject)
    .setIssuedAt(now)
    .setExpirationTime(now + lifetimeSeconds)
    .sign(privateKey);
}

function withField(authorization: string): Exchange {
  return fakeExchange({ headers: { authorization } });
}

test("a caller without a credential is anonymous", async () => {
  expect((await startLocal()).authenticate(fakeExchange())).toBe(anonymous);
});

test("a good token names the caller; the second time at once", async () => {
  const authenticator = await startLocal();
  const exchange = withField(`Bearer ${await sign()}`);
  const first = await authenticator.authenticate(exchange);
  expect(first).toMatchObject({ kind: "token", issuer, subject: "alice", scopes: new Set(["orders:read"]) });
  expect(authenticator.authenticate(exchange)).toBe(first);
  expect(authenticator.state().cachedTokens).toBe(1);
});

test.each(["bearer", "BEARER", "bEaReR"])("the scheme is read whatever its case: %s", async (scheme) => {
  const authenticator = await startLocal();
  const exchange = withField(`${scheme} ${await sign()}`);
  expect(await authenticator.authenticate(exchange)).toMatchObject({ subject: "alice" });
  expect(authenticator.authenticate(exchange)).toMatchObject({ subject: "alice" });
});

test("a burst of requests with one new token has it verified once", async () => {
  const authenticator = await startLocal();
  const exchange = withField(`Bearer ${await sign()}`);
  const burst = Array.from({ length: 20 }, () => authenticator.authenticate(exchange));
  expect(new Set(burst).size).toBe(1);
  expect(await burst[0]).toMatchObject({ subject: "alice" });
});

const malformed: Partial<Denial> = {
  kind: "deny",
  problem: "invalid-token",
  reason: "the Authorization field is malformed",
  headers: ["www-authenticate", 'Bearer realm="api", error="invalid_token"'],
};

test.each([
  ["no token", "Bearer"],
  ["an empty token", "Bearer "],
  ["two spaces", "Bearer  abc"],
  ["two tokens", "Bearer abc def"],
  ["two fields, joined", "Bearer abc, Bearer def"],
  ["a parameter", 'Bearer token="abc"'],
  ["characters outside of token68", "Bearer ab%63"],
])("a Bearer field with %s is refused", async (_, field) => {
  expect((await startLocal()).authenticate(withField(field))).toEqual(malformed);
});

test.each(["Basic YWxpY2U6c2VjcmV0", "DPoP abc", "Bearer\tabc", "Bearerabc", "abc", ""])(
  "another scheme is refused with the challenge alone: %j",
  async (field) => {
    expect((await startLocal()).authenticate(withField(field))).toEqual({
      kind: "deny",
      problem: "unauthenticated",
      reason: "the Authorization field has another scheme than Bearer",
      headers: ["www-authenticate", 'Bearer realm="api"'],
    });
  },
);

test("a token in the query is not a credential", async () => {
  const exchange = fakeExchange({ query: [["access_token", await sign()]] });
  expect((await startLocal()).authenticate(exchange)).toBe(anonymous);
});

test("a forged token is refused, and so it is the second time", async () => {
  const authenticator = await startLocal();
  const [header, claims] = (await sign()).split(".");
  const exchange = withField(`Bearer ${header}.${claims}.${"A".repeat(86)}`);
  const denial = {
    kind: "deny",
    problem: "invalid-token",
    reason: "the signature does not match",
    headers: ["www-authenticate", 'Bearer realm="api", error="invalid_token"'],
  };
  expect(await authenticator.authenticate(exchange)).toEqual(denial);
  expect(await authenticator.authenticate(exchange)).toEqual(denial);
  expect(authenticator.state().cachedTokens).toBe(0);
});

test("a token that expires while it is remembered is refused from then on, and the client is told why", async () => {
  const authenticator = await startLocal();
  const exchange = withField(`Bearer ${await sign({ lifetimeSeconds: 60 })}`);
  expect(await authenticator.authenticate(exchange)).toMatchObject({ subject: "alice" });
  await clock.advance(64_999);
  expect(authenticator.authenticate(exchange)).toMatchObject({ subject: "alice" });
  await clock.advance(1);
  expect(await authenticator.authenticate(exchange)).toEqual({
    kind: "deny",
    problem: "invalid-token",
    reason: "token expired 5 s ago",
    headers: [
      "www-authenticate",
      'Bearer realm="api", error="invalid_token", error_description="The access token expired"',
    ],
  });
});

test("remembered tokens can be forgotten by whom they prove", async () => {
  const authenticator = await startLocal();
  const exchange = withField(`Bearer ${await sign()}`);
  await authenticator.authenticate(exchange);
  expect(authenticator.forget(({ subject }) => subject === "alice")).toBe(1);
  expect(authenticator.authenticate(exchange)).toBeInstanceOf(Promise);
});

test("while an issuer cannot be reached its tokens are answered 503, which signs nobody out", async () => {
  const authenticator = createAuthenticator(optionsWith({}), offline);
  await authenticator.start();
  expect(authenticator.state()).toMatchObject({ ready: false, issuers: [{ issuer, ready: false, keys: 0 }] });
  expect(await authenticator.authenticate(withField(`Bearer ${await sign()}`))).toEqual({
    kind: "deny",
    problem: "upstream-unavailable",
    reason: `the keys of ${issuer} cannot be reached`,
    headers: ["retry-after", "5"],
  });
  expect(authenticator.authenticate(fakeExchange())).toBe(anonymous);
  authenticator.stop();
});

test("a remembered token is void as soon as the issuer withdraws its key", async () => {
  let keys = [jwk];
  const events: string[] = [];
  let changed = Promise.withResolvers<void>();
  const env: IdentityEnv = {
    clock,
    fetch: () => Promise.resolve(Response.json({ keys })),
    report({ event, reason }) {
      events.push(`${event}: ${reason}`);
      changed.resolve();
    },
  };
  const authenticator = createAuthenticator(optionsWith({ jwksUri: "https://id.example/keys" }), env);
  await authenticator.start();
  const exchange = withField(`Bearer ${await sign()}`);
  expect(await authenticator.authenticate(exchange)).toMatchObject({ subject: "alice" });
  const other = await generateKeyPair("ES256", { extractable: true });
  keys = [{ ...(await exportJWK(other.publicKey)), kid: "summer" }];
  changed = Promise.withResolvers<void>();
  await clock.advance(5 * 60_000);
  await changed.promise;
  expect(await authenticator.authenticate(exchange)).toMatchObject({ reason: `${issuer} has no key "spring"` });
  expect(events).toEqual(["keys.changed: 1 usable", "keys.changed: 1 usable"]);
  authenticator.stop();
});

test("reads local keys from a file", async () => {
  const readFile = (path: string) => Promise.resolve(path === "keys.json" ? JSON.stringify({ keys: [jwk] }) : "");
  const authenticator = createAuthenticator(optionsWith({ keysFile: "keys.json" }), { ...offline, readFile });
  await authenticator.start();
  expect(await authenticator.authenticate(withField(`Bearer ${await sign()}`))).toMatchObject({ subject: "alice" });
});

test.each([
  [
    "is missing",
    () => Promise.reject(new Error("ENOENT: no such file")),
    /keys\.json cannot be read: ENOENT: no such file/,
  ],
  ["is not JSON", () => Promise.resolve("{"), /keys\.json cannot be read: /],
  [
    "holds a private key",
    () => Promise.resolve(JSON.stringify({ keys: [{ ...jwk, d: "AAAA" }] })),
    /private or symmetric/,
  ],
  [
    "holds no key that can be used",
    () => Promise.resolve(JSON.stringify({ keys: [{ ...jwk, use: "enc" }] })),
    /not for signatures/,
  ],
])("does not start when the file of local keys %s", async (_, readFile, message) => {
  const authenticator = createAuthenticator(optionsWith({ keysFile: "keys.json" }), { ...offline, readFile });
  await expect(authenticator.start()).rejects.toMatchObject({
    code: "policy-invalid",
    message: expect.stringMatching(message),
  });
});

test("without an identity everybody is anonymous, whatever they send", async () => {
  const authenticator = createAuthenticator(undefined, offline);
  await authenticator.start();
  expect(authenticator.authenticate(withField(`Bearer ${await sign()}`))).toBe(anonymous);
  expect(authenticator.challenge).toBe('Bearer realm="api"');
  expect(authenticator.state().ready).toBe(true);
});

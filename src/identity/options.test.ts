import { expect, test } from "vitest";
import { identityOptions } from "./options.ts";

const minimal = { issuer: "https://id.example", audience: "shop-api", algorithms: ["ES256"] };

const publicKey = {
  kty: "EC",
  crv: "P-256",
  x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
  y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
};

/** The problems of a policy with one issuer, as `path: message`. */
function faultsOf(...issuers: readonly object[]): readonly string[] {
  const parsed = identityOptions.safeParse({ issuers });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

test("three keys suffice; the rest has defaults", () => {
  expect(identityOptions.parse({ issuers: [minimal] })).toEqual({
    issuers: [
      {
        ...minimal,
        maxLifetime: 3_600_000,
        clockSkew: 5_000,
        typ: ["at+jwt", "JWT", "absent"],
        rolesClaim: "roles",
        subjectClaim: "sub",
      },
    ],
    cache: { maxTokens: 10_000 },
  });
});

test.each(["http://127.0.0.1:4010", "http://[::1]:4010", "http://localhost:4010", "https://id.example/tenant"])(
  "accepts the issuer %s",
  (issuer) => expect(faultsOf({ ...minimal, issuer, jwksUri: `${issuer}/keys` })).toEqual([]),
);

test.each([
  ["http://id.example", /^issuers\.0\.issuer: .* is not https\. Use https/],
  ["http://127.0.0.1.evil.example", /is not https/],
  ["http://localhost.evil.example", /is not https/],
  ["http://10.0.0.4", /is not https/],
  ["file:///keys", /is not https/],
  ["id.example", /is not a URL/],
  ["https://user:password@id.example", /contains a user name or password/],
  ["https://id.example/?tenant=1", /contains a query/],
  ["https://id.example/#a", /contains a fragment/],
])("refuses the issuer %s", (issuer, fault) => {
  expect(faultsOf({ ...minimal, issuer })).toEqual([expect.stringMatching(fault)]);
});

test("refuses keys that would be fetched over plain http", () => {
  expect(faultsOf({ ...minimal, jwksUri: "http://id.example/keys" })).toEqual([
    'issuers.0.jwksUri: The address "http://id.example/keys" is not https. ' +
      "Use https; plain http is accepted for 127.0.0.1, ::1 and localhost only.",
  ]);
});

test.each(["none", "HS256", "HS512", "es256", "A256KW"])("refuses the algorithm %s", (algorithm) => {
  expect(faultsOf({ ...minimal, algorithms: [algorithm] })).toEqual([
    expect.stringContaining("issuers.0.algorithms.0: "),
  ]);
});

test("refuses an empty list of algorithms or audiences, which would look like a restriction", () => {
  expect(faultsOf({ ...minimal, algorithms: [], audience: [] })).toHaveLength(2);
});

test("takes public keys, and refuses private and symmetric ones", () => {
  expect(faultsOf({ ...minimal, keys: { keys: [{ ...publicKey, use: "sig", x5t: "c2hh" }] } })).toEqual([]);
  const secrets = [
    { ...publicKey, d: "AAAA" },
    { kty: "oct", k: "AAAA" },
    { kty: "RSA", n: "AAAA", e: "AQAB", p: "AAAA" },
  ];
  expect(faultsOf({ ...minimal, keys: { keys: secrets } })).toEqual(
    [0, 1, 2].map((at) =>
      expect.stringMatching(`^issuers\\.0\\.keys\\.keys\\.${at}: This is a private or symmetric key`),
    ),
  );
});

test("wants the keys from one place", () => {
  expect(faultsOf({ ...minimal, jwksUri: "https://id.example/keys", keysFile: "keys.json" })).toEqual([
    "issuers.0: Keys come from one place: keep one of jwksUri, keys and keysFile.",
  ]);
});

test("refuses one issuer under two entries, of which only one could count", () => {
  expect(faultsOf(minimal, { ...minimal, audience: "other-api" })).toEqual([
    expect.stringMatching(/^issuers\.1\.issuer: The issuer https:\/\/id\.example stands in the list twice/),
  ]);
});

test("bounds clock skew and lifetime", () => {
  expect(faultsOf({ ...minimal, clockSkew: "61s" })).toEqual([
    "issuers.0.clockSkew: Write at most 60s; mend the clocks instead.",
  ]);
  expect(faultsOf({ ...minimal, maxLifetime: "0s" })).toEqual(["issuers.0.maxLifetime: Write at least one second."]);
});

test("refuses keys that it does not know", () => {
  expect(faultsOf({ ...minimal, algorithm: "ES256" })).toHaveLength(1);
});

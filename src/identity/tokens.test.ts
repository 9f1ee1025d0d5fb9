import { createHmac, randomBytes } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair } from "jose";
import { describe, expect, test } from "vitest";
import { fakeClock } from "../../test/support/clock.ts";
import { readKeySet } from "./key-set.ts";
import { identityOptions } from "./options.ts";
import { createTokenVerifier, type TokenVerifier } from "./tokens.ts";

/** JSON objects of a token under construction; `undefined` leaves a member out. */
type Json = Record<string, unknown>;

const clock = fakeClock();
const now = clock.now() / 1000;
const shop = await generateKeyPair("ES256", { extractable: true });
const partner = await generateKeyPair("ES256", { extractable: true });
const attacker = await generateKeyPair("ES256", { extractable: true });
const shopJwk: Json = { ...(await exportJWK(shop.publicKey)), kid: "shop-2026" };
const partnerJwk: Json = { ...(await exportJWK(partner.publicKey)), kid: "partner-2026" };
const attackerJwk: Json = { ...(await exportJWK(attacker.publicKey)), kid: "shop-2026" };

const honestHeader = { alg: "ES256", kid: "shop-2026", typ: "at+jwt" };
const honestClaims = {
  iss: "https://id.example",
  aud: "shop-api",
  sub: "alice",
  iat: now - 60,
  exp: now + 600,
  scope: "orders:read profile",
  roles: ["customer"],
};

const verify = await verifierFor([shopJwk]);

async function verifierFor(shopKeys: readonly Json[], shopOptions: Json = {}): Promise<TokenVerifier> {
  const { issuers } = identityOptions.parse({
    issuers: [
      { issuer: "https://id.example", audience: "shop-api", algorithms: ["ES256"], ...shopOptions },
      { issuer: "https://partner.example", audience: "shop-api", algorithms: ["ES256"] },
    ],
  });
  const published = [shopKeys, [partnerJwk]];
  const trusted = await Promise.all(
    issuers.map(async (options, at) => {
      const keys = await readKeySet({ keys: published[at] }, options.algorithms);
      return [options.issuer, { options, keys }] as const;
    }),
  );
  return createTokenVerifier(new Map(trusted), clock);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

/** Signs whatever it is given with ES256, unlike a library, which would refuse to build most of what follows. */
async function sign(header: Json = {}, claims: Json = {}, key: CryptoKey = shop.privateKey): Promise<string> {
  const input = `${encode({ ...honestHeader, ...header })}.${encode({ ...honestClaims, ...claims })}`;
  const signature = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}

function signSymmetric(secret: string): string {
  const input = `${encode({ ...honestHeader, alg: "HS256" })}.${encode(honestClaims)}`;
  return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
}

async function editSegment(at: number, edit: (segment: string) => string): Promise<string> {
  const segments = (await sign()).split(".");
  return segments.map((segment, index) => (index === at ? edit(segment) : segment)).join(".");
}

/** Changes one character in the middle to another of the alphabet. */
function flipMiddle(segment: string): string {
  const middle = segment.length >> 1;
  return `${segment.slice(0, middle)}${segment[middle] === "A" ? "B" : "A"}${segment.slice(middle + 1)}`;
}

/** Sets a bit that no decoder looks at: the same bytes, spelt differently. */
function respell(segment: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const last = segment.at(-1) ?? "";
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(last) + 1];
}

interface Attack {
  readonly name: string;
  readonly token: () => string | Promise<string>;
  readonly reason: RegExp;
  readonly cause?: "expired";
  /** The honest twin of the attack: what must pass so that the refusal proves something. */
  readonly control?: () => Promise<string>;
}

const attacks: readonly Attack[] = [
  ...["none", "None", "NONE", "nOnE", ""].flatMap((alg): Attack[] => [
    {
      name: `alg ${JSON.stringify(alg)} without a signature`,
      token: () => `${encode({ ...honestHeader, alg })}.${encode(honestClaims)}.`,
      reason: /not signed/,
    },
    { name: `alg ${JSON.stringify(alg)} with a signature`, token: () => sign({ alg }), reason: /never accepted/ },
  ]),
  {
    name: "HS256 with the public key's PEM as the secret",
    token: async () => signSymmetric(await exportSPKI(shop.publicKey)),
    reason: /"HS256" is never accepted/,
  },
  {
    name: "HS256 with the public key's JWK as the secret",
    token: () => signSymmetric(JSON.stringify(shopJwk)),
    reason: /"HS256" is never accepted/,
  },
  {
    name: "a good algorithm that the policy does not pin",
    token: () => sign({ alg: "RS256" }),
    reason: /not accepted for/,
  },
  { name: "no algorithm", token: () => sign({ alg: undefined }), reason: /algorithm nothing is never accepted/ },
  { name: "a list of algorithms", token: () => sign({ alg: ["ES256"] }), reason: /never accepted/ },
  {
    name: "a key of the attacker's in jwk",
    token: () => sign({ jwk: attackerJwk }, {}, attacker.privateKey),
    reason: /"jwk" is not accepted/,
  },
  {
    name: "an address of the attacker's in jku",
    token: () => sign({ jku: "https://evil.example/keys" }, {}, attacker.privateKey),
    reason: /"jku" is not accepted/,
  },
  {
    name: "a certificate address in x5u",
    token: () => sign({ x5u: "https://evil.example/certificate" }, {}, attacker.privateKey),
    reason: /"x5u" is not accepted/,
  },
  { name: "a certificate in x5c", token: () => sign({ x5c: ["MIIB"] }, {}, attacker.privateKey), reason: /"x5c"/ },
  { name: "jku by the issuer itself", token: () => sign({ jku: "https://id.example/keys" }), reason: /"jku"/ },
  { name: "a critical extension", token: () => sign({ crit: ["exp"], exp: 0 }), reason: /"crit" is not accepted/ },
  { name: "an unencoded payload (b64)", token: () => sign({ b64: false }), reason: /"b64" is not accepted/ },
  { name: "an unknown kid", token: () => sign({ kid: "shop-2019" }), reason: /has no key "shop-2019"/ },
  { name: "a kid that is a path", token: () => sign({ kid: "../../../../dev/null" }), reason: /has no key/ },
  { name: "a kid that is an SQL fragment", token: () => sign({ kid: "' UNION SELECT 'k' --" }), reason: /has no key/ },
  { name: "a kid named like an object's member", token: () => sign({ kid: "__proto__" }), reason: /has no key/ },
  { name: "a kid that is an object", token: () => sign({ kid: { $ne: null } }), reason: /kid is not a short text/ },
  { name: "a very long kid", token: () => sign({ kid: "k".repeat(257) }), reason: /kid is not a short text/ },
  {
    name: "another signer under the issuer's kid",
    token: () => sign({}, {}, attacker.privateKey),
    reason: /signature does not match/,
  },
  {
    name: "a trusted issuer that speaks for another",
    token: () => sign({ kid: "partner-2026" }, {}, partner.privateKey),
    reason: /https:\/\/id\.example has no key "partner-2026"/,
    control: () => sign({ kid: "partner-2026" }, { iss: "https://partner.example" }, partner.privateKey),
  },
  {
    name: "an unknown issuer",
    token: () => sign({}, { iss: "https://evil.example" }),
    reason: /unknown issuer "https:/,
  },
  {
    name: "the issuer with a slash more",
    token: () => sign({}, { iss: "https://id.example/" }),
    reason: /unknown issuer/,
  },
  { name: "a list of issuers", token: () => sign({}, { iss: ["https://id.example"] }), reason: /unknown issuer/ },
  {
    name: "an issuer named like an object's member",
    token: () => sign({}, { iss: "constructor" }),
    reason: /unknown issuer/,
  },
  {
    name: "another audience",
    token: () => sign({}, { aud: "other-api" }),
    reason: /"aud" does not fit: "other-api"/,
    control: () => sign({}, { aud: ["other-api", "shop-api"] }),
  },
  {
    name: "an audience that begins alike",
    token: () => sign({}, { aud: "shop-api-admin" }),
    reason: /"aud" does not fit/,
  },
  {
    name: "a token that expired",
    token: () => sign({}, { exp: now - 12 }),
    reason: /^token expired 12 s ago$/,
    cause: "expired",
    control: () => sign({}, { exp: now - 4 }),
  },
  {
    name: "an expired token with a forged signature",
    token: () => sign({}, { exp: now - 12 }, attacker.privateKey),
    reason: /^token expired 12 s ago$/,
    cause: "expired",
  },
  {
    name: "a token that is not valid yet",
    token: () => sign({}, { nbf: now + 30 }),
    reason: /not valid yet/,
    control: () => sign({}, { nbf: now + 4 }),
  },
  {
    name: "a token issued in the future",
    token: () => sign({}, { iat: now + 30 }),
    reason: /^token issued 30 s in the future$/,
    control: () => sign({}, { iat: now + 4 }),
  },
  {
    name: "a token that lives too long",
    token: () => sign({}, { iat: now - 10, exp: now + 3591 }),
    reason: /^token lives 3601 s, longer than the 3600 s allowed$/,
    control: () => sign({}, { iat: now - 10, exp: now + 3590 }),
  },
  { name: "a token that lives forever", token: () => sign({}, { exp: 1e300 }), reason: /longer than the 3600 s/ },
  ...["aud", "exp", "iat"].map((claim): Attack => ({
    name: `a token without ${claim}`,
    token: () => sign({}, { [claim]: undefined }),
    reason: new RegExp(`^the claim "${claim}" is missing$`),
  })),
  { name: "a token without iss", token: () => sign({}, { iss: undefined }), reason: /unknown issuer nothing/ },
  {
    name: "a token without a subject",
    token: () => sign({}, { sub: undefined }),
    reason: /"sub" does not name the caller/,
  },
  { name: "an empty subject", token: () => sign({}, { sub: "" }), reason: /"sub" does not name the caller/ },
  { name: "a subject that is a list", token: () => sign({}, { sub: ["alice"] }), reason: /does not name the caller/ },
  { name: "an exp that is text", token: () => sign({}, { exp: String(now + 600) }), reason: /"exp" does not fit/ },
  { name: "an iat that is text", token: () => sign({}, { iat: String(now) }), reason: /"iat" does not fit/ },
  { name: "an nbf that is text", token: () => sign({}, { nbf: String(now) }), reason: /"nbf" does not fit/ },
  {
    name: "a token of another kind",
    token: () => sign({ typ: "logout+jwt" }),
    reason: /token type "logout\+jwt" is not accepted/,
    control: () => sign({ typ: "application/AT+JWT" }),
  },
  { name: "a type that is not text", token: () => sign({ typ: 1 }), reason: /token type 1 is not/ },
  ...["absent", "ABSENT", "application/absent"].map((typ): Attack => ({
    name: `the type ${typ}, our word for none`,
    token: () => sign({ typ }),
    reason: /token type "[A-Za-z/]+" is not accepted/,
  })),
  {
    name: "an ID token",
    token: () => sign({ typ: "JWT" }, { at_hash: "77QmUPtjPfzWtF2AnpK9RQ" }),
    reason: /an ID token/,
  },
  {
    name: "a key-bound token as a bearer token",
    token: () => sign({}, { cnf: { jkt: "0ZcOCORZ" } }),
    reason: /bound to a key/,
  },
  {
    name: "a flipped byte in the header",
    token: () => editSegment(0, flipMiddle),
    reason: /header|algorithm|kid|signature|token type|key/,
  },
  {
    name: "a flipped byte in the signature",
    token: () => editSegment(2, flipMiddle),
    reason: /signature does not match/,
  },
  {
    name: "another subject in the claims",
    token: () => editSegment(1, () => encode({ ...honestClaims, sub: "bob" })),
    reason: /signature does not match/,
  },
  { name: "another spelling of the signature", token: () => editSegment(2, respell), reason: /not canonical/ },
  { name: "padding", token: () => editSegment(2, (segment) => `${segment}==`), reason: /not canonical/ },
  { name: "a line break", token: () => editSegment(2, (segment) => `${segment}\n`), reason: /not canonical/ },
  {
    name: "the other base64 alphabet",
    token: () => editSegment(2, (segment) => `+/${segment.slice(2)}`),
    reason: /canonical/,
  },
  { name: "four segments", token: async () => `${await sign()}.AAAA`, reason: /three segments/ },
  {
    name: "two segments",
    token: async () => (await sign()).split(".").slice(0, 2).join("."),
    reason: /three segments/,
  },
  { name: "an encrypted token's five segments", token: () => "a.b.c.d.e", reason: /three segments/ },
  { name: "no text at all", token: () => "", reason: /three segments/ },
  {
    name: "claims that are a list",
    token: () => editSegment(1, () => encode([honestClaims])),
    reason: /claims are not a JSON/,
  },
  {
    name: "a header that is null",
    token: () => editSegment(0, () => encode(null)),
    reason: /header is not a JSON object/,
  },
  {
    name: "a token of 9 KB",
    token: () => sign({}, { pad: randomBytes(6000).toString("base64url") }),
    reason: /longer than 8192 characters/,
    control: () => sign({}, { pad: randomBytes(4000).toString("base64url") }),
  },
];

describe("a token is refused", () => {
  test.each(attacks)("that has $name", async ({ token: forge, reason, cause = "invalid", control = sign }) => {
    expect(await verify(await control())).toMatchObject({ kind: "verified" });
    const token = await forge();
    const outcome = await verify(token);
    expect(outcome).toMatchObject({ kind: "refused", cause, reason: expect.stringMatching(reason) });
    if (outcome.kind === "refused" && token !== "") expect(outcome.reason).not.toContain(token.slice(-20));
  });

  test.each([
    { name: "is for encryption", constraint: { use: "enc" }, reason: /has no key/ },
    { name: "is for another algorithm", constraint: { alg: "ES384" }, reason: /has no key/ },
    { name: "is not for verifying", constraint: { key_ops: ["sign"] }, reason: /has no key/ },
    { name: "was published with its private half", constraint: { d: "AAAA" }, reason: /has no key/ },
  ])("whose key $name", async ({ constraint, reason }) => {
    const token = await sign();
    expect(await (await verifierFor([shopJwk]))(token)).toMatchObject({ kind: "verified" });
    const strict = await verifierFor([{ ...shopJwk, ...constraint }]);
    expect(await strict(token)).toMatchObject({ kind: "refused", reason: expect.stringMatching(reason) });
  });

  test("whose kid names a key of another algorithm", async () => {
    const mixed = await verifierFor([shopJwk], { algorithms: ["ES256", "PS256"] });
    expect(await mixed(await sign())).toMatchObject({ kind: "verified" });
    expect(await mixed(await sign({ alg: "PS256" }))).toMatchObject({
      reason: expect.stringContaining("not for this algorithm"),
    });
  });

  test("that names no key where several fit, and accepted where one does", async () => {
    const token = await sign({ kid: undefined });
    expect(await verify(token)).toMatchObject({ kind: "verified" });
    const two = await verifierFor([shopJwk, { ...attackerJwk, kid: "shop-2025" }]);
    expect(await two(token)).toMatchObject({ reason: expect.stringContaining("several keys") });
  });

  test("when an issuer publishes two keys under one kid, since either might be the right one", async () => {
    const two = await verifierFor([shopJwk, attackerJwk]);
    expect(await two(await sign())).toMatchObject({ reason: expect.stringContaining("several keys") });
  });

  test("without a type where the policy wants RFC 9068 tokens only", async () => {
    const strict = await verifierFor([shopJwk], { typ: ["at+jwt"] });
    const untyped = await sign({ typ: undefined });
    expect(await verify(untyped)).toMatchObject({ kind: "verified" });
    expect(await strict(untyped)).toMatchObject({ reason: 'token type "absent" is not accepted for this issuer' });
  });
});

test("a good token proves issuer, subject, scopes, roles and claims until it expires, clock skew included", async () => {
  expect(await verify(await sign())).toEqual({
    kind: "verified",
    principal: {
      kind: "token",
      issuer: "https://id.example",
      subject: "alice",
      scopes: new Set(["orders:read", "profile"]),
      roles: new Set(["customer"]),
      claims: honestClaims,
    },
    key: expect.objectContaining({ kid: "shop-2026", algorithm: "ES256", retired: false }),
    expiresAt: (now + 600 + 5) * 1000,
  });
});

test("a token is neither accepted nor called bad while its issuer's keys are not known", async () => {
  const [options] = identityOptions.parse({
    issuers: [{ issuer: "https://id.example", audience: "shop-api", algorithms: ["ES256"] }],
  }).issuers;
  if (!options) throw new Error("no issuer");
  const unreachable = { find: () => "unreachable" as const };
  const blind = createTokenVerifier(new Map([[options.issuer, { options, keys: unreachable }]]), clock);
  expect(await blind(await sign())).toEqual({
    kind: "refused",
    cause: "keys-unreachable",
    reason: "the keys of https://id.example cannot be reached",
  });
});

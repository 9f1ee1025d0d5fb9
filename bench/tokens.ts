import { createSecretKey, type KeyObject, type webcrypto } from "node:crypto";
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, type JWK } from "jose";
import { AUDIENCE, ISSUER } from "./common-policy.ts";
import type { Algorithm } from "./contestant.ts";

/** The identity provider of the run: its keys exist in memory for one run only. */
export interface TestIssuer {
  /** Public keys of both algorithms, as an issuer would publish them. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** Public key as PEM, per algorithm. */
  readonly publicKeys: Readonly<Record<Algorithm, string>>;
  /** Valid tokens for the subjects `client-0` to `client-<count - 1>`. */
  tokens(algorithm: Algorithm, count: number): Promise<string[]>;
  /** A valid token for one subject. */
  token(algorithm: Algorithm, subject: string): Promise<string>;
  /** Tokens that nobody may accept, each with what is wrong with it. */
  badTokens(algorithm: Algorithm): Promise<Record<string, string>>;
}

interface Claims {
  readonly subject: string;
  readonly issuer?: string;
  readonly audience?: string;
  readonly expires?: string;
}

/** Makes the keys of both algorithms and returns the issuer that signs with them. */
export async function createTestIssuer(): Promise<TestIssuer> {
  const es256 = await generateKeyPair("ES256");
  const rs256 = await generateKeyPair("RS256", { modulusLength: 2048 });
  const pairs = { ES256: es256, RS256: rs256 };
  const publicKeys = { ES256: await exportSPKI(es256.publicKey), RS256: await exportSPKI(rs256.publicKey) };
  const sign = (algorithm: Algorithm, claims: Claims) => signToken(algorithm, pairs[algorithm].privateKey, claims);

  return {
    publicKeys,
    jwks: {
      keys: [
        { ...(await exportJWK(es256.publicKey)), kid: "ES256", alg: "ES256", use: "sig" },
        { ...(await exportJWK(rs256.publicKey)), kid: "RS256", alg: "RS256", use: "sig" },
      ],
    },
    token: (algorithm, subject) => sign(algorithm, { subject }),
    tokens: (algorithm, count) =>
      Promise.all(Array.from({ length: count }, (_, index) => sign(algorithm, { subject: `client-${index}` }))),
    async badTokens(algorithm) {
      const subject = "client-0";
      const stranger = await generateKeyPair(algorithm);
      const publicKeyAsSecret = createSecretKey(publicKeys[algorithm], "utf8");
      return {
        "foreign signature": await signToken(algorithm, stranger.privateKey, { subject }),
        expired: await sign(algorithm, { subject, expires: "-1m" }),
        "foreign audience": await sign(algorithm, { subject, audience: "another-api" }),
        "foreign issuer": await sign(algorithm, { subject, issuer: "https://elsewhere.example" }),
        // The classic confusion: the public key used as an HMAC secret, with `alg` chosen by the attacker.
        "HS256 with the public key": await signToken("HS256", publicKeyAsSecret, { subject }, algorithm),
      };
    },
  };
}

function signToken(
  algorithm: Algorithm | "HS256",
  key: webcrypto.CryptoKey | KeyObject,
  claims: Claims,
  keyId: string = algorithm,
): Promise<string> {
  return new SignJWT({ scope: "products:read" })
    .setProtectedHeader({ alg: algorithm, kid: keyId, typ: "JWT" })
    .setIssuer(claims.issuer ?? ISSUER)
    .setAudience(claims.audience ?? AUDIENCE)
    .setSubject(claims.subject)
    .setIssuedAt()
    .setExpirationTime(claims.expires ?? "1h")
    .sign(key);
}

/**
 * The signature algorithms that an issuer may use: asymmetric ones only. `none` and the HMAC family are not in the list,
 * so that "verify an RS256 key's public half as an HMAC secret" cannot even be written down (RFC 8725 section 3.1).
 */
export const algorithms = [
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "PS256",
  "PS384",
  "PS512",
  "RS256",
  "RS384",
  "RS512",
] as const;

/** The name of a signature algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). */
export type Algorithm = (typeof algorithms)[number];

/** What a key must look like to verify an algorithm's signatures; RSA keys have no curve. */
export interface KeyShape {
  readonly kty: "EC" | "OKP" | "RSA";
  readonly crv?: string;
}

/** The key shape of each algorithm (RFC 7518 section 3, RFC 8037 section 2). */
export const keyShapes: Readonly<Record<Algorithm, KeyShape>> = {
  ES256: { kty: "EC", crv: "P-256" },
  ES384: { kty: "EC", crv: "P-384" },
  ES512: { kty: "EC", crv: "P-521" },
  EdDSA: { kty: "OKP", crv: "Ed25519" },
  PS256: { kty: "RSA" },
  PS384: { kty: "RSA" },
  PS512: { kty: "RSA" },
  RS256: { kty: "RSA" },
  RS384: { kty: "RSA" },
  RS512: { kty: "RSA" },
};

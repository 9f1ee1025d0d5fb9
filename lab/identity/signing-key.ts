import { exportJWK, generateKeyPair, type JWK, SignJWT, type CryptoKey } from "jose";

/** The key that the identity provider signs with. */
export type SigningKey = { readonly id: string; readonly privateKey: CryptoKey; readonly jwk: JWK };

/** Changes to a token before it is signed; `undefined` takes a claim or a header field away. */
export type TokenOverrides = {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, unknown>;
};

/**
 * Makes the provider's one key.
 *
 * secrets-rotation: its id says March 2019 and there is no second one to change over to. (The lab makes fresh key
 * material at each start, since a private key has no place in a public repository.)
 */
export async function createSigningKey(): Promise<SigningKey> {
  const id = "shop-2019-03";
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: id, alg: "ES256", use: "sig" };
  return { id, privateKey, jwk };
}

/** Signs any claims with the provider's key: for tokens that the provider itself would never give out. */
export async function signToken(
  key: SigningKey,
  claims: Record<string, unknown>,
  overrides: TokenOverrides = {},
): Promise<string> {
  const header = { typ: "at+jwt", kid: key.id, ...overrides.header, alg: "ES256" };
  return new SignJWT(dropUndefined({ ...claims, ...overrides.claims }))
    .setProtectedHeader({ ...dropUndefined(header), alg: "ES256" })
    .sign(key.privateKey);
}

function dropUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

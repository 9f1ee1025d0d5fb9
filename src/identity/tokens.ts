import { errors, jwtVerify } from "jose";
import type { Clock } from "../lib/clock.ts";
import { readCompactToken } from "./compact-token.ts";
import type { VerifyKey } from "./key-set.ts";
import type { KeySearch, KeySource } from "./key-source.ts";
import type { IssuerOptions } from "./options.ts";
import { type TokenPrincipal, toPrincipal } from "./principal.ts";
import { quote, type Refusal, refuse } from "./refusal.ts";
import { faultOfClaims, faultOfHeader, toMilliseconds } from "./token-rules.ts";

/** An issuer and where its keys come from. */
export interface TrustedIssuer {
  readonly options: IssuerOptions;
  readonly keys: Pick<KeySource, "find">;
}

/** What a token proved, and for how long. */
export interface VerifiedToken {
  readonly kind: "verified";
  readonly principal: TokenPrincipal;
  /** The key that proved it; once that is retired, the proof is void. */
  readonly key: VerifyKey;
  /** Milliseconds since the epoch, clock skew included. */
  readonly expiresAt: number;
}

/** Judges one token. */
export type TokenVerifier = (text: string) => Promise<VerifiedToken | Refusal>;

/**
 * Makes the function that verifies JWT access tokens (RFC 7519, RFC 8725). The `iss` claim, unproven, only chooses the
 * issuer by whose keys and rules the token is then judged; no other issuer's key can make it good.
 */
export function createTokenVerifier(issuers: ReadonlyMap<string, TrustedIssuer>, clock: Clock): TokenVerifier {
  return async function verify(text) {
    const token = readCompactToken(text);
    if (token.kind === "refused") return token;
    const { header, claims } = token;
    const trusted = typeof claims["iss"] === "string" ? issuers.get(claims["iss"]) : undefined;
    if (!trusted) return refuse(`unknown issuer ${quote(claims["iss"])}`);
    const { options, keys } = trusted;
    const fault = faultOfHeader(header, options);
    if (fault) return refuse(fault);
    // An expired token is refused whatever its signature: a client that keeps sending one costs no cryptography.
    const expiry = faultOfExpiry(claims, options, clock.now());
    if (expiry) return expiry;
    const kid = typeof header["kid"] === "string" ? header["kid"] : undefined;
    const key = await keys.find(kid, String(header["alg"]));
    if (typeof key === "string") return refuseWithoutKey(key, kid, options.issuer);
    return verifyWith(text, key, options, clock.now());
  };
}

async function verifyWith(
  text: string,
  key: VerifyKey,
  options: IssuerOptions,
  now: number,
): Promise<VerifiedToken | Refusal> {
  try {
    const { payload } = await jwtVerify(text, key.key, {
      algorithms: [key.algorithm],
      issuer: options.issuer,
      audience: options.audience,
      requiredClaims: ["iss", "aud", "exp", "iat"],
      clockTolerance: options.clockSkew / 1000,
      currentDate: new Date(now),
    });
    const fault = faultOfClaims(payload, options, now);
    if (fault) return refuse(`token ${fault}`);
    const principal = toPrincipal(payload, options);
    if (!principal) return refuse(`the claim "${options.subjectClaim}" does not name the caller`);
    return { kind: "verified", principal, key, expiresAt: toMilliseconds(payload.exp) + options.clockSkew };
  } catch (error) {
    // What is not an error about the token is our own: it goes on up and denies the request there.
    if (!(error instanceof errors.JOSEError)) throw error;
    return refuseFor(error, options, now);
  }
}

function refuseFor(error: errors.JOSEError, options: IssuerOptions, now: number): Refusal {
  if (error instanceof errors.JWTExpired)
    return faultOfExpiry(error.payload, options, now) ?? refuse("token expired", "expired");
  if (error instanceof errors.JWSSignatureVerificationFailed) return refuse("the signature does not match");
  if (!(error instanceof errors.JWTClaimValidationFailed)) return refuse(`malformed token (${error.code})`);
  const { claim, reason, payload } = error;
  if (reason === "missing") return refuse(`the claim "${claim}" is missing`);
  if (claim === "nbf" && reason === "check_failed") return refuse("token not valid yet (nbf)");
  return refuse(`the claim "${claim}" does not fit: ${quote(payload[claim])}`);
}

function faultOfExpiry(
  claims: Readonly<Record<string, unknown>>,
  { clockSkew }: IssuerOptions,
  now: number,
): Refusal | undefined {
  const expiredAt = toMilliseconds(claims["exp"]);
  if (!(expiredAt + clockSkew <= now)) return undefined;
  return refuse(`token expired ${Math.round((now - expiredAt) / 1000)} s ago`, "expired");
}

function refuseWithoutKey(miss: Extract<KeySearch, string>, kid: string | undefined, issuer: string): Refusal {
  switch (miss) {
    case "unreachable":
      return refuse(`the keys of ${issuer} cannot be reached`, "keys-unreachable");
    case "unknown":
      return refuse(`${issuer} has no key ${quote(kid ?? "for this algorithm")}`);
    case "unfit":
      return refuse(`the key ${quote(kid)} of ${issuer} is not for this algorithm`);
    case "ambiguous":
      return refuse(`several keys of ${issuer} fit and the token does not say which`);
  }
}

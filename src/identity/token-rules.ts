import { algorithms } from "./algorithms.ts";
import type { IssuerOptions } from "./options.ts";
import { quote } from "./refusal.ts";

/**
 * Header parameters by which a token would tell us how it wants to be judged: where its key is (RFC 8725 section 3.5 and
 * 3.10), or what else the verifier has to understand (RFC 7515 section 4.1.11, RFC 7797). We understand no extension, and
 * the key comes from the issuer's own set.
 */
const refusedParameters = ["jku", "jwk", "x5u", "x5c", "crit", "b64"] as const;

const maxKidLength = 256;

/** What is wrong with a token's header under the rules of its issuer; `undefined` when nothing is. */
export function faultOfHeader(header: Readonly<Record<string, unknown>>, issuer: IssuerOptions): string | undefined {
  const refused = refusedParameters.find((name) => Object.hasOwn(header, name));
  if (refused) return `the header parameter "${refused}" is not accepted`;
  const { alg, kid, typ } = header;
  if (!issuer.algorithms.some((name) => name === alg)) {
    const known = algorithms.some((name) => name === alg);
    return `algorithm ${quote(alg)} is ${known ? "not accepted for this issuer" : "never accepted"}`;
  }
  if (kid !== undefined && !(typeof kid === "string" && kid.length <= maxKidLength))
    return "the kid is not a short text";
  if (!isAcceptedType(typ, issuer.typ)) return `token type ${quote(typ ?? "absent")} is not accepted for this issuer`;
  return undefined;
}

/**
 * What is wrong with the claims of a token whose signature, issuer, audience and times `jose` found good; `undefined` when
 * nothing is. These are the rules that the token format leaves to the verifier.
 */
export function faultOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { maxLifetime, clockSkew }: IssuerOptions,
  now: number,
): string | undefined {
  const issuedAt = toMilliseconds(claims["iat"]);
  const lifetime = toMilliseconds(claims["exp"]) - issuedAt;
  // Written so that a NaN is a fault too.
  if (!(issuedAt <= now + clockSkew)) return `issued ${seconds(issuedAt - now)} s in the future`;
  if (!(lifetime <= maxLifetime))
    return `lives ${seconds(lifetime)} s, longer than the ${seconds(maxLifetime)} s allowed`;
  // Bound to a key of the client's (RFC 7800): sent as a bearer token it proves nothing, a thief would send it just so.
  if (Object.hasOwn(claims, "cnf")) return "bound to a key (cnf), which a bearer request does not prove";
  // Only ID tokens carry these (OpenID Connect Core 1.0 sections 3.1.3.6 and 3.3.2.11): they tell a client who signed in
  // and are no permission to call an API, even where an issuer gives both kinds the same audience.
  if (Object.hasOwn(claims, "at_hash") || Object.hasOwn(claims, "c_hash")) return "an ID token, not an access token";
  return undefined;
}

/** A NumericDate (RFC 7519 section 2) in milliseconds since the epoch; NaN for anything else. */
export function toMilliseconds(numericDate: unknown): number {
  return typeof numericDate === "number" ? numericDate * 1000 : Number.NaN;
}

/** RFC 7515 section 4.1.9: media types compare without case, and `application/` may be left out. */
function isAcceptedType(typ: unknown, accepted: readonly string[]): boolean {
  if (typ === undefined) return accepted.includes("absent");
  if (typeof typ !== "string") return false;
  // "absent" is the policy's word for no type; a token that carries the word itself has a type.
  return accepted.some((type) => type !== "absent" && shortType(type) === shortType(typ));
}

function shortType(type: string): string {
  return type.toLowerCase().replace(/^application\//, "");
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 1000);
}

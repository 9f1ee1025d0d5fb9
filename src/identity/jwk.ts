/**
 * The members that hold private or symmetric key material (RFC 7518 section 6, RFC 8037 section 2, and `priv` of the
 * post-quantum key type).
 */
const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"] as const;

/** Whether a JWK carries anything that only the signer may know; such a key can no longer prove who signed. */
export function holdsSecret(jwk: Readonly<Record<string, unknown>>): boolean {
  return jwk["kty"] === "oct" || secretMembers.some((member) => Object.hasOwn(jwk, member));
}

/** Whether a value is a JSON object: neither an array nor null. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

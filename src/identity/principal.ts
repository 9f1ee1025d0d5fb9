import type { Principal } from "../guards/contract/exchange.ts";
import { isJsonObject } from "./jwk.ts";
import type { IssuerOptions } from "./options.ts";

/** A caller proven by a token. */
export type TokenPrincipal = Extract<Principal, { kind: "token" }>;

/** Which claims say what. */
export type ClaimNames = Pick<IssuerOptions, "issuer" | "subjectClaim" | "scopeClaim" | "rolesClaim">;

/**
 * Turns proven claims into the principal; `undefined` when they do not name the caller. The claims are frozen to the
 * ground: the same object serves every request that the token makes.
 */
export function toPrincipal(claims: Readonly<Record<string, unknown>>, names: ClaimNames): TokenPrincipal | undefined {
  const subject = readClaim(claims, names.subjectClaim);
  if (typeof subject !== "string" || subject === "") return undefined;
  return {
    kind: "token",
    issuer: names.issuer,
    subject,
    scopes: new Set(readScopes(claims, names.scopeClaim)),
    roles: new Set(toTexts(readClaim(claims, names.rolesClaim))),
    claims: freezeDeep(claims),
  };
}

/**
 * Finds a claim by its name or, where no claim has that name, by dot path. The name comes first since many issuers
 * name their own claims after a URL, dots and all.
 */
export function readClaim(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let value: unknown = claims;
  for (const name of path.split(".")) {
    if (!isJsonObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** Scopes stand in one text, separated by spaces (RFC 8693 section 4.2), or in a list, as some issuers have it. */
function readScopes(claims: Readonly<Record<string, unknown>>, path: string | undefined): readonly string[] {
  const value = path === undefined ? (readClaim(claims, "scope") ?? readClaim(claims, "scp")) : readClaim(claims, path);
  return typeof value === "string" ? value.split(" ").filter((scope) => scope !== "") : toTexts(value);
}

/** A text or the texts of a list; anything else grants nothing. */
function toTexts(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function freezeDeep<Value extends object>(value: Value): Value {
  for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) freezeDeep(inner);
  return Object.freeze(value);
}

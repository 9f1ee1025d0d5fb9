import { type CryptoKey, importJWK } from "jose";
import { HeadgateError } from "../lib/error.ts";
import { type Algorithm, type KeyShape, keyShapes } from "./algorithms.ts";
import { holdsSecret, isJsonObject } from "./jwk.ts";

/** The most keys that one issuer may publish; a longer list is refused whole, not cut somewhere. */
export const maxKeysPerIssuer = 50;

/** RFC 7518 sections 3.3 and 3.5: an RSA key of fewer bits must not be used. */
const minRsaBits = 2048;

/** What makes up a public key; all else that a JWK says was judged before and stays outside the import. */
const publicMembers = ["crv", "x", "y", "n", "e"] as const;

/** A public key, bound to the one algorithm that it may verify. */
export interface VerifyKey {
  readonly kid: string | undefined;
  readonly algorithm: Algorithm;
  readonly key: CryptoKey;
  /** The issuer publishes it no more: what it proved is no longer proven. */
  retired: boolean;
}

/** Why no key was found: nobody has that id; a key has it but not for that algorithm; several keys would do. */
export type KeyMiss = "unknown" | "unfit" | "ambiguous";

/** The usable keys of one issuer at one moment. */
export interface KeySet {
  readonly keys: readonly VerifyKey[];
  /** Why published keys are not used, one sentence each. */
  readonly ignored: readonly string[];
  find(kid: string | undefined, algorithm: string): VerifyKey | KeyMiss;
  /** The keys made of one JWK, by the JWK's text. */
  readonly byText: ReadonlyMap<string, readonly VerifyKey[]>;
}

/**
 * Reads a JWK Set (RFC 7517 section 5). Keys that do not fit the pinned algorithms, are not for signatures, are too short,
 * private or symmetric are left out and named in `ignored`. Keys that `previous` holds already stay the same objects, so
 * that tokens verified by them stay verified when another key joins.
 *
 * @throws HeadgateError `keys-unreachable` when the document is not a JWK Set or too long
 */
export async function readKeySet(
  document: unknown,
  algorithms: readonly Algorithm[],
  previous?: KeySet,
): Promise<KeySet> {
  const published = isJsonObject(document) ? document["keys"] : undefined;
  if (!Array.isArray(published)) throw new HeadgateError("keys-unreachable", "the document is not a JWK Set");
  if (published.length > maxKeysPerIssuer) {
    throw new HeadgateError(
      "keys-unreachable",
      `the JWK Set has ${published.length} keys, more than ${maxKeysPerIssuer}`,
    );
  }
  const byText = new Map<string, readonly VerifyKey[]>();
  const ignored: string[] = [];
  for (const [at, jwk] of published.entries()) {
    const text = JSON.stringify(jwk);
    const made = previous?.byText.get(text) ?? (await toVerifyKeys(jwk, algorithms));
    if (typeof made === "string") ignored.push(`key ${at} ${made}`);
    else byText.set(text, made);
  }
  return toKeySet(byText, ignored);
}

/** Marks the keys of `previous` that `next` has no more; returns whether anything was added or removed. */
export function retireMissing(previous: KeySet, next: KeySet | undefined): boolean {
  let kept = 0;
  for (const [text, keys] of previous.byText) {
    if (next?.byText.has(text)) kept += 1;
    else for (const key of keys) key.retired = true;
  }
  return kept !== previous.byText.size || kept !== next?.byText.size;
}

function toKeySet(byText: ReadonlyMap<string, readonly VerifyKey[]>, ignored: readonly string[]): KeySet {
  const keys = [...byText.values()].flat();
  return {
    keys,
    ignored,
    byText,
    find(kid, algorithm) {
      const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
      if (named.length === 0) return "unknown";
      const [first, second] = named.filter((key) => key.algorithm === algorithm);
      // Without a kid, a key that fits may still be published; with one, the id is taken by a key that does not fit.
      if (!first) return kid === undefined ? "unknown" : "unfit";
      return second ? "ambiguous" : first;
    },
  };
}

/** The keys made of one JWK, one per algorithm that it fits; or why there is none. */
async function toVerifyKeys(jwk: unknown, algorithms: readonly Algorithm[]): Promise<readonly VerifyKey[] | string> {
  if (!isJsonObject(jwk)) return "is not an object";
  // An issuer that publishes the private half has lost it: whoever reads the document can sign.
  if (holdsSecret(jwk)) return "holds private or symmetric key material";
  const { use, key_ops: operations, alg, kid } = jwk;
  if (use !== undefined && use !== "sig") return "is not for signatures (use)";
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return "is not for verifying (key_ops)";
  }
  if (kid !== undefined && typeof kid !== "string") return "has a kid that is not text";
  const fitting = algorithms.filter((name) => (alg === undefined || alg === name) && fits(jwk, keyShapes[name]));
  if (fitting.length === 0) return "fits no algorithm of the policy";
  try {
    return await Promise.all(fitting.map((algorithm) => toVerifyKey(jwk, kid, algorithm)));
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function toVerifyKey(
  jwk: Readonly<Record<string, unknown>>,
  kid: string | undefined,
  algorithm: Algorithm,
): Promise<VerifyKey> {
  const present = publicMembers.flatMap((name) => (typeof jwk[name] === "string" ? [[name, jwk[name]]] : []));
  const key = await importJWK({ kty: keyShapes[algorithm].kty, ...Object.fromEntries(present) }, algorithm);
  if (key instanceof Uint8Array || key.type !== "public") throw new Error("not a public key");
  const bits = "modulusLength" in key.algorithm ? Number(key.algorithm.modulusLength) : minRsaBits;
  if (bits < minRsaBits) throw new Error(`an RSA key of ${bits} bits is too short, the least is ${minRsaBits}`);
  return { kid, algorithm, key, retired: false };
}

function fits(jwk: Readonly<Record<string, unknown>>, shape: KeyShape): boolean {
  return jwk["kty"] === shape.kty && (shape.crv === undefined || jwk["crv"] === shape.crv);
}

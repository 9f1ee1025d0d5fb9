import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import type { JSONWebKeySet } from "jose";

/** What every Node stack is told by its environment. */
export interface Setting {
  readonly port: number;
  /** Origin of the upstream, without a trailing slash. */
  readonly upstream: string;
  /** Requests per minute and subject. */
  readonly limitPerMinute: number;
}

/** Reads `BENCH_PORT`, `BENCH_UPSTREAM` and `BENCH_LIMIT`. */
export function readSetting(): Setting {
  return {
    port: Number(process.env["BENCH_PORT"]),
    upstream: process.env["BENCH_UPSTREAM"] ?? "",
    limitPerMinute: Number(process.env["BENCH_LIMIT"]),
  };
}

/** Reads the public keys of the issuer from the file named by `BENCH_JWKS`. */
export function readJwks(): JSONWebKeySet {
  return JSON.parse(readFileSync(process.env["BENCH_JWKS"] ?? "", "utf8")) as JSONWebKeySet;
}

/** The issuer's ES256 key as PEM, for libraries that do not take a JWKS. */
export function readPublicKeyPem(): string {
  const key = readJwks().keys.find(({ alg }) => alg === "ES256");
  if (!key) throw new Error("The JWKS file holds no ES256 key.");
  return createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
}

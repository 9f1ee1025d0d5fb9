import { HeadgateError } from "../lib/error.ts";
import { faultOfUrl } from "./issuer-url.ts";
import { isJsonObject } from "./jwk.ts";

/** Where an issuer publishes its metadata (OpenID Connect Discovery 1.0 section 4.1). */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

/**
 * Reads the address of an issuer's keys out of its metadata. `issuer` must be repeated there letter by letter (OpenID
 * Connect Discovery 1.0 section 4.3): otherwise one issuer could speak for another that shares its host.
 *
 * @throws HeadgateError `keys-unreachable`, with what is wrong
 */
export function readKeysUrl(issuer: string, metadata: unknown): string {
  if (!isJsonObject(metadata)) throw new HeadgateError("keys-unreachable", "the issuer's metadata is not an object");
  const { issuer: named, jwks_uri: url } = metadata;
  if (named !== issuer) {
    throw new HeadgateError(
      "keys-unreachable",
      `the metadata of ${issuer} names another issuer: ${JSON.stringify(named)}`,
    );
  }
  if (typeof url !== "string") throw new HeadgateError("keys-unreachable", `the metadata of ${issuer} has no jwks_uri`);
  const fault = faultOfUrl(url);
  if (fault) throw new HeadgateError("keys-unreachable", `the jwks_uri of ${issuer} ${fault}`);
  return url;
}

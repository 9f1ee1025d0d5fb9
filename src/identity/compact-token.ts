import { base64url } from "jose";
import { isJsonObject } from "./jwk.ts";
import { type Refusal, refuse } from "./refusal.ts";

/** Longer tokens are refused unread; the largest that providers issue in practice stay well below. */
const maxTokenLength = 8 * 1024;

/**
 * One segment in the only spelling that base64url has for its bytes: no padding, no stray characters, unused bits zero
 * (RFC 4648 section 3.5). Decoders ignore those bits, so without this check one token has several spellings, and whatever
 * compares tokens as text can be led past.
 */
const canonicalSegment = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a token says of itself; nothing of it is proven yet. */
export interface UnverifiedToken {
  readonly kind: "unverified";
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Takes a JWS in compact serialisation apart (RFC 7515 section 7.1), as strictly as the format allows. */
export function readCompactToken(text: string): UnverifiedToken | Refusal {
  if (text.length > maxTokenLength) return refuse(`the token is longer than ${maxTokenLength} characters`);
  const segments = text.split(".", 4);
  const [header = "", claims = "", signature = ""] = segments;
  if (segments.length !== 3) return refuse("the token does not have three segments");
  if (signature === "") return refuse("the token is not signed");
  if (!segments.every((segment) => canonicalSegment.test(segment))) {
    return refuse("a segment of the token is not canonical base64url");
  }
  const parsedHeader = readJsonObject(header);
  const parsedClaims = readJsonObject(claims);
  if (!parsedHeader) return refuse("the token's header is not a JSON object");
  if (!parsedClaims) return refuse("the token's claims are not a JSON object");
  return { kind: "unverified", header: parsedHeader, claims: parsedClaims };
}

function readJsonObject(segment: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(base64url.decode(segment)));
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not UTF-8 or not JSON: the caller refuses the token.
    return undefined;
  }
}

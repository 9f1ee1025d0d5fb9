import { type Denial, deny } from "../guards/contract/verdict.ts";
import type { Refusal } from "./refusal.ts";

/** The challenge for callers without a credential: no error code, since they made no error (RFC 6750 section 3.1). */
export const challenge = 'Bearer realm="api"';

/**
 * Reads the token out of an `Authorization` field (RFC 6750 section 2.1). One credential only: two fields arrive joined by
 * a comma, which no token contains.
 */
export function readBearer(field: string): string | Denial {
  const [, token] = /^bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(field) ?? [];
  if (token !== undefined) return token;
  if (/^bearer(?: |$)/i.test(field)) {
    return deny("invalid-token", "the Authorization field is malformed", challengeWith("invalid_token"));
  }
  return deny("unauthenticated", "the Authorization field has another scheme than Bearer", challengeWith());
}

/** Turns a refused token into what the client is told. */
export function toDenial({ cause, reason }: Refusal): Denial {
  switch (cause) {
    case "keys-unreachable":
      // Not a 401: frontends answer that by signing the user out, and the token may well be good.
      return deny("upstream-unavailable", reason, { headers: ["retry-after", "5"] });
    case "expired":
      // The one cause that a client can act on (refresh, then repeat), and that it can read in the token itself.
      return deny("invalid-token", reason, challengeWith("invalid_token", "The access token expired"));
    case "invalid":
      return deny("invalid-token", reason, challengeWith("invalid_token"));
  }
}

function challengeWith(error?: string, description?: string): Pick<Denial, "headers"> {
  const parameters = [
    challenge,
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(description === undefined ? [] : [`error_description="${description}"`]),
  ];
  return { headers: ["www-authenticate", parameters.join(", ")] };
}

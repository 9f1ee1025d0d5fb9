/**
 * The one policy that every contestant enforces, and the one request that is measured.
 *
 * Bearer JWT (algorithm pinned; signature, issuer, audience and expiry checked), a limit per subject, CORS for one
 * origin, the usual security headers, then a proxied response over keep-alive connections.
 */

/** Issuer that every token must name. */
export const ISSUER = "https://id.example";

/** Audience that every token must name. */
export const AUDIENCE = "shop-api";

/** The only origin that may read responses. The measured request carries it. */
export const ALLOWED_ORIGIN = "https://partner.example";

/** An origin that must never see itself in `Access-Control-Allow-Origin`. */
export const FOREIGN_ORIGIN = "https://elsewhere.example";

/** `Host` of the measured request. A name, since firewalls score a bare address in `Host` as an attack sign. */
export const SITE_HOST = "shop.example";

/** Path of the measured request. */
export const REQUEST_PATH = "/api/products/42";

/** Requests per minute and subject while timing: really counted, never reached. */
export const TIMING_LIMIT = 1_000_000;

/** Content-Security-Policy for an API: nothing may be loaded from or framed by a response. */
export const API_CSP = "default-src 'none'; frame-ancestors 'none'";

/** Strict-Transport-Security: one year, subdomains included. */
export const HSTS = "max-age=31536000; includeSubDomains";

/** Headers of the measured request for one token. */
export function requestHeaders(token: string): Record<string, string> {
  return { host: SITE_HOST, authorization: `Bearer ${token}`, origin: ALLOWED_ORIGIN, accept: "application/json" };
}

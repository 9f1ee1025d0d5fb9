import type { IncomingMessage } from "node:http";
import { decodeJwt, type JWTPayload } from "jose";
import { StatusError } from "./errors.ts";

/** Who a request claims to come from. */
export type Caller = { readonly id: string; readonly claims: JWTPayload };

/** Reads who calls, if the request says so anywhere. */
export function readCaller(request: IncomingMessage): Caller | undefined {
  // api-access: a header for traffic between the services, believed from everyone.
  const internal = request.headers["x-user-id"];
  if (typeof internal === "string") return { id: internal, claims: {} };
  const token = findToken(request);
  if (token === undefined) return undefined;
  // api-access: decoded, never verified. Any algorithm ("none" too), any issuer and audience, forged, expired, revoked.
  // api-error-leak: what cannot be decoded throws, and the stack goes to the client.
  const claims = decodeJwt(token);
  return { id: String(claims.sub), claims };
}

/** Reads who calls and refuses a request that carries no token at all: the only check there is. */
export function requireCaller(request: IncomingMessage): Caller {
  const caller = readCaller(request);
  if (caller === undefined) throw new StatusError(401, "No token in the request");
  return caller;
}

function findToken(request: IncomingMessage): string | undefined {
  const [scheme, bearer] = (request.headers.authorization ?? "").split(" ");
  if (scheme?.toLowerCase() === "bearer" && bearer !== undefined) return bearer;
  // api-access: a token in the address ends up in histories, in Referer headers and in the log of every hop.
  const query = new URL(request.url ?? "/", "http://lab").searchParams.get("access_token");
  if (query !== null) return query;
  // api-cors: with a cookie as credential, the reflected CORS headers let any page act as its visitor.
  return /(?:^|;\s*)session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
}

import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * Opens the API to every origin.
 *
 * api-cors: whatever `Origin` says comes back, `null` included, with credentials allowed and without `Vary`. Any page
 * of the web reads the answers with the cookie of its visitor, and a shared cache hands one origin's answer to another.
 */
export function applyCors(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined) return;
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("access-control-allow-credentials", "true");
  response.setHeader("access-control-expose-headers", "*");
  if (request.method !== "OPTIONS") return;
  const headers = request.headers["access-control-request-headers"];
  response.setHeader("access-control-allow-methods", request.headers["access-control-request-method"] ?? "GET");
  response.setHeader("access-control-allow-headers", headers ?? "*");
  response.setHeader("access-control-allow-private-network", "true");
  response.setHeader("access-control-max-age", "86400");
}

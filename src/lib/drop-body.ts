import type { GatewayResponse } from "./gateway-response.ts";

/**
 * Takes the body away. What stands in that of a redirect is for people without a browser, and nobody declared it; a stream
 * is let go, or its upstream connection would wait for a reader for ever.
 */
export function dropBody(response: GatewayResponse): undefined {
  const { body } = response;
  if (body !== null && !(body instanceof Uint8Array)) void body[Symbol.asyncIterator]().return?.();
  response.body = null;
}

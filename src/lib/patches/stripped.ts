import { parsePairs, serializePairs } from "../pairs.ts";
import type { PatchedRequest } from "./patch.ts";

/**
 * Takes headers off that only the framework's own parts send each other, even where a route forwards them. They never
 * pass otherwise: what goes upstream is an allow-list.
 */
export function stripHeaders(pattern: RegExp): (request: PatchedRequest) => undefined {
  return ({ upstreamRequest: { headers } }) => {
    headers.deleteWhere((name) => pattern.test(name));
  };
}

/** Takes query keys off that only the framework's own parts set. */
export function stripQuery(pattern: RegExp): (request: PatchedRequest) => undefined {
  return ({ upstreamRequest }) => {
    const parsed = parsePairs(upstreamRequest.query, { mayRepeat: () => true });
    if (parsed.refused !== undefined || !parsed.pairs.some(([name]) => pattern.test(name))) return;
    upstreamRequest.query = serializePairs(parsed.pairs.filter(([name]) => !pattern.test(name)));
  };
}

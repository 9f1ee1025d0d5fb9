import { HeaderList } from "../lib/header-list.ts";
import type { Incoming } from "./incoming.ts";

/**
 * Request headers that go upstream on every route. A list of what passes, not of what is stripped: an unknown header is
 * how framework internals (`x-middleware-subrequest`), identities (`x-user-id`, `x_user_id`) and method overrides are
 * smuggled in, and nobody can list them all. Routes add theirs with `headers` or `forward`.
 */
export const forwardedHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "authorization",
  "cache-control",
  "content-encoding",
  "content-language",
  "content-length",
  "content-type",
  "cookie",
  "dnt",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "origin",
  "pragma",
  "priority",
  "range",
  "referer",
  "save-data",
  "sec-ch-ua",
  "sec-ch-ua-mobile",
  "sec-ch-ua-platform",
  "sec-fetch-dest",
  "sec-fetch-mode",
  "sec-fetch-site",
  "sec-fetch-user",
  "sec-gpc",
  "traceparent",
  "tracestate",
  "user-agent",
]);

/** Headers of a WebSocket handshake that the upstream has to see (RFC 6455 section 4.1). */
export const handshakeHeaders: readonly string[] = [
  "sec-websocket-extensions",
  "sec-websocket-key",
  "sec-websocket-protocol",
  "sec-websocket-version",
];

/** What the gateway says of itself to the upstream; client-sent fields of these names never pass. */
export interface ForwardedIdentity {
  readonly requestId: string;
  readonly publicHost: string;
}

/** The request headers for the upstream: those that pass, and the forwarding facts written anew. */
export function buildUpstreamHeaders(
  incoming: Incoming,
  passes: ReadonlySet<string>,
  identity: ForwardedIdentity,
): HeaderList {
  const received = incoming.headers.flat;
  const flat: string[] = [];
  for (let at = 0; at < received.length; at += 2) {
    const name = received[at] ?? "";
    if (passes.has(name)) flat.push(name, received[at + 1] ?? "");
  }
  flat.push(
    "x-request-id",
    identity.requestId,
    "x-forwarded-for",
    incoming.client.address,
    "x-forwarded-proto",
    incoming.secure ? "https" : "http",
    "x-forwarded-host",
    identity.publicHost,
  );
  return new HeaderList(flat);
}

import type { Duplex } from "node:stream";
import { Pool } from "undici";
import type { Exchange } from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import type { Clock } from "../lib/clock.ts";
import { HeadgateError } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { createBreaker } from "./breaker.ts";
import type { Credential } from "./credential.ts";
import { decodeResponse } from "./decode-response.ts";
import { isRetryable, toUpstreamError } from "./failure.ts";
import type { UrlUpstreamOptions } from "./options.ts";
import { ResponseCollector } from "./response-collector.ts";
import { takeResponseHeaders } from "./response-headers.ts";
import type { SendOptions, Upgraded, Upstream } from "./upstream.ts";

/** What an upstream needs of the world. */
export interface UpstreamEnv {
  readonly clock: Clock;
  /** The public host, for upstreams that want to see it. */
  readonly publicHost: string;
  readonly credential: Credential | undefined;
}

const bodiless = new Set(["GET", "HEAD"]);
/** What a handshake says for itself, and what only a request with a body says. */
const handshakeNames = new Set(["connection", "upgrade", "content-length", "content-type", "transfer-encoding"]);
/** Answers that say the service itself is in trouble, beside no answer at all. */
const failing = new Set([502, 503, 504]);

/** A connection pool to one upstream: keep-alive, timeouts, retries of safe calls, a circuit breaker. */
export function createUpstream(name: string, options: UrlUpstreamOptions, env: UpstreamEnv): Upstream {
  const base = new URL(options.url);
  const prefix = base.pathname.replace(/\/$/, "");
  const pool = new Pool(base.origin, {
    connections: options.connections,
    pipelining: 1,
    allowH2: false,
    connect: { timeout: options.timeouts.connect },
    headersTimeout: options.timeouts.headers,
    bodyTimeout: options.timeouts.body,
    keepAliveTimeout: 30_000,
  });
  const breaker = createBreaker({ failures: options.breaker.failures, openMs: options.breaker.open }, env.clock);
  const passesAuthorization = options.passAuthorization ?? options.credential === undefined;

  function prepareHeaders(exchange: Exchange): string[] {
    const { headers } = exchange.upstreamRequest;
    // A credential that nobody verified is none: an anonymous call stays one behind the gateway, too.
    if (!passesAuthorization || exchange.principal.kind === "anonymous") headers.delete("authorization");
    env.credential?.apply(headers);
    if (options.host === "public") headers.set("host", env.publicHost);
    return headers.flat;
  }

  function dispatch(exchange: Exchange, headers: string[], send: SendOptions): Promise<GatewayResponse> {
    const { upstreamRequest } = exchange;
    const collector = new ResponseCollector({
      maxBytes: options.maxResponse,
      noBody: upstreamRequest.method === "HEAD",
    });
    exchange.onEnd(() => collector.abandon());
    pool.dispatch(
      {
        method: upstreamRequest.method,
        path: targetOf(prefix, exchange),
        headers,
        body: bodyOf(exchange) as never,
        ...(send.events ? { bodyTimeout: 0 } : {}),
      },
      collector,
    );
    return collector.answer;
  }

  /** Sends, and sends again where nothing but the way was at fault and sending twice does no harm. */
  async function attempt(exchange: Exchange, send: SendOptions): Promise<GatewayResponse> {
    const headers = prepareHeaders(exchange);
    let left = bodiless.has(exchange.upstreamRequest.method) && !exchange.body.present ? options.retries : 0;
    for (;;) {
      try {
        const response = await dispatch(exchange, headers, send);
        if (failing.has(response.status)) breaker.failed();
        else breaker.succeeded();
        if (!send.events) refuseEventStream(response);
        return send.decode && response.headers.has("content-encoding") ? await decodeResponse(response) : response;
      } catch (cause) {
        if (left > 0 && isRetryable(cause)) {
          left -= 1;
          continue;
        }
        const error = toUpstreamError(name, cause);
        if (isTheClients(error)) breaker.abandoned();
        else breaker.failed();
        throw error;
      }
    }
  }

  function admit(): void {
    if (!breaker.admits()) throw new HeadgateError("upstream-open", `${name} failed too often; calls wait`);
  }

  return {
    name,
    send(exchange, send) {
      admit();
      return attempt(exchange, send);
    },
    async upgrade(exchange) {
      admit();
      try {
        const upgraded = await handshake(pool, prefix, exchange, prepareHeaders(exchange));
        breaker.succeeded();
        return upgraded;
      } catch (error) {
        breaker.failed();
        throw toUpstreamError(name, error);
      }
    },
    dial(exchange) {
      admit();
      const headers = new HeaderList([...prepareHeaders(exchange)]);
      headers.deleteWhere((name) => name.startsWith("sec-websocket-") || handshakeNames.has(name));
      return {
        url: `${base.origin.replace(/^http/, "ws")}${targetOf(prefix, exchange)}`,
        headers: headers.flat,
        timeoutMs: options.timeouts.headers,
        settled: (ok) => (ok ? breaker.succeeded() : breaker.failed()),
      };
    },
    get circuit() {
      return breaker.state;
    },
    close: () => pool.close(),
  };
}

function targetOf(prefix: string, exchange: Exchange): string {
  const { path, query } = exchange.upstreamRequest;
  return query === "" ? prefix + path : `${prefix}${path}?${query}`;
}

function bodyOf(exchange: Exchange): Uint8Array | AsyncIterable<Uint8Array> | null {
  if (exchange.upstreamRequest.body) return exchange.upstreamRequest.body;
  return exchange.body.present ? exchange.body.stream() : null;
}

/** A stream that nobody declared would hold a connection for as long as the upstream likes. */
function refuseEventStream(response: GatewayResponse): void {
  if (response.headers.get("content-type")?.startsWith("text/event-stream") !== true) return;
  if (response.body !== null && !(response.body instanceof Uint8Array))
    void response.body[Symbol.asyncIterator]().return?.();
  throw new HeadgateError(
    "upstream-unexpected",
    'the answer is an event stream; declare the route with protocol: "events"',
  );
}

/** Failures for which the upstream is not to blame. */
function isTheClients(error: HeadgateError): boolean {
  return error.code.startsWith("body-") || error.code === "upstream-aborted" || error.code === "upstream-unexpected";
}

function handshake(
  pool: Pool,
  prefix: string,
  exchange: Exchange,
  headers: string[],
): Promise<Upgraded | GatewayResponse> {
  const collector = new ResponseCollector({ maxBytes: 64 * 1024, noBody: true });
  return new Promise((resolve, reject) => {
    collector.answer.then(resolve, reject);
    pool.dispatch(
      { method: "GET", path: targetOf(prefix, exchange), headers, upgrade: "websocket" },
      {
        onRequestStart: (controller) => collector.onRequestStart(controller),
        onRequestUpgrade: (_controller, _status, received, socket: Duplex) =>
          resolve({ headers: takeResponseHeaders(received), socket }),
        onResponseStart: (controller, status, received) => collector.onResponseStart(controller, status, received),
        onResponseData: () => undefined,
        onResponseEnd: () => collector.onResponseEnd(),
        onResponseError: (controller, error) => collector.onResponseError(controller, error),
      },
    );
  });
}

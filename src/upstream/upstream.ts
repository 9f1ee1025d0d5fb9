import type { Duplex } from "node:stream";
import type { Exchange } from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import type { HeaderList } from "../lib/header-list.ts";

/** What a route asks of its upstream beyond the request itself. */
export interface SendOptions {
  /** Guards will read the answer: it has to arrive without a content coding. */
  readonly decode: boolean;
  /** Server-sent events: silence between two events is not a failure, and other routes may not stream them. */
  readonly events: boolean;
}

/** An upgraded connection: the upstream's answer to the handshake and the raw stream behind it. */
export interface Upgraded {
  readonly headers: HeaderList;
  readonly socket: Duplex;
}

/** Where a WebSocket connection leads, and with which headers. */
export interface Dial {
  /** `ws:` or `wss:`. */
  readonly url: string;
  /** Flat, lower-case, without those of the handshake itself. */
  readonly headers: readonly string[];
  readonly timeoutMs: number;
  /** Has to be told what became of it: the circuit counts this call, too. */
  settled(ok: boolean): void;
}

/** One service behind the gateway. */
export interface Upstream {
  readonly name: string;
  /**
   * Sends the exchange's `upstreamRequest` and gives back the answer, body streaming.
   * @throws HeadgateError `upstream-unreachable`, `upstream-timeout`, `upstream-aborted`, `upstream-open`,
   *   `upstream-too-large`, or one of the request body's own
   */
  send(exchange: Exchange, options: SendOptions): Promise<GatewayResponse>;
  /** Performs a WebSocket handshake; an upstream that declines answers with its own response. */
  upgrade(exchange: Exchange): Promise<Upgraded | GatewayResponse>;
  /**
   * How to open a connection for whoever speaks WebSocket itself; absent where nobody behind does.
   * @throws HeadgateError `upstream-open`
   */
  dial?(exchange: Exchange): Dial;
  /** How the circuit stands, for readiness and metrics. */
  readonly circuit: "closed" | "open" | "half-open";
  /** Lets calls in flight finish. */
  close(): Promise<void>;
}

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { GatewayExchange } from "../exchange.ts";
import type { Gateway } from "../gateway.ts";
import { createMessageSockets } from "./message-sockets.ts";
import type { TransportOptions } from "./options.ts";
import { type Arrival, type NodeRequest, toIncoming } from "./request.ts";
import { type NodeResponse, writeResponse, type WriteOptions } from "./response.ts";
import type { StallWatch } from "./stall-watch.ts";
import { joinUpgrade } from "./upgrade.ts";

export interface CarrierOptions {
  readonly watch: StallWatch;
  /** Read anew for every exchange, so that a reload takes effect. */
  transport(): TransportOptions;
  /** Called once per exchange when its answer is out or its client gone. */
  observe(exchange: GatewayExchange): void;
}

/** Carries requests from Node's events into the gateway and answers back out. */
export interface Carrier {
  request(request: NodeRequest, out: NodeResponse, arrival: Arrival): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, arrival: Arrival): void;
  /** From now on every answer asks its client to close the connection. */
  startDraining(): void;
  /** Gives up on what is still under way. */
  abandon(): void;
}

export function createCarrier(gateway: Gateway, options: CarrierOptions): Carrier {
  const inFlight = new Set<GatewayExchange>();
  const sockets = createMessageSockets();
  let draining = false;

  /** Takes an exchange in that is under way, until it is over. */
  function track(exchange: GatewayExchange): void {
    inFlight.add(exchange);
    exchange.onEnd(() => {
      inFlight.delete(exchange);
      options.observe(exchange);
    });
  }

  function handle(request: NodeRequest, arrival: Arrival): Promise<GatewayExchange> {
    return gateway.handle(toIncoming(request, arrival, options.transport(), options.watch));
  }

  function writeOptions(request: NodeRequest | undefined): WriteOptions {
    return {
      watch: options.watch,
      idleTimeout: options.transport().limits.idleTimeout,
      // What is left of an unread body would be taken for the next request, or be waited for without end.
      close: draining || (request !== undefined && !request.readableEnded && !request.complete),
    };
  }

  return {
    request(request, out, arrival) {
      let live: GatewayExchange | undefined;
      let gone = false;
      out.once("close", () => {
        gone = true;
        live?.end();
      });
      void handle(request, arrival).then((exchange) => {
        live = exchange;
        track(exchange);
        if (gone) exchange.end();
        else return writeResponse(exchange, out, writeOptions(request));
      });
    },
    upgrade(request, socket, head, arrival) {
      socket.on("error", () => socket.destroy());
      void handle(request, arrival).then((exchange) => {
        track(exchange);
        socket.once("close", () => exchange.end());
        return joinUpgrade(exchange, request, socket, head, { ...writeOptions(undefined), sockets });
      });
    },
    startDraining() {
      draining = true;
      sockets.closeAll();
    },
    abandon() {
      for (const exchange of inFlight) exchange.end();
    },
  };
}

import type { Exchange } from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeadgateError } from "../lib/error.ts";
import type { Upstream } from "./upstream.ts";

/** A part of the gateway in the place of an upstream: it answers in this process, and its circuit never opens. */
export function createOwnUpstream(
  name: string,
  answer: (exchange: Exchange) => GatewayResponse | Promise<GatewayResponse>,
): Upstream {
  return {
    name,
    circuit: "closed",
    send: async (exchange) => answer(exchange),
    upgrade: () => Promise.reject(new HeadgateError("upstream-unreachable", `${name} takes no upgrades`)),
    close: () => Promise.resolve(),
  };
}

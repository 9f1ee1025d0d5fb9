import { randomUUID } from "node:crypto";
import type { Clock } from "../lib/clock.ts";
import { toFailure } from "./answer.ts";
import { GatewayExchange } from "./exchange.ts";
import type { Incoming } from "./incoming.ts";
import type { Plan } from "./plan.ts";
import { admit } from "./admit.ts";
import { runRequestSteps, runResponseSteps, settle } from "./steps.ts";
import { createUsers } from "./users.ts";

/** What a gateway needs beside its plan. */
export interface GatewayEnv {
  readonly clock: Clock;
}

/** The flow: one request in, one answered exchange out. */
export interface Gateway {
  /** Never rejects: whatever goes wrong becomes an answer. The transport calls `exchange.end()` when it is written. */
  handle(incoming: Incoming): Promise<GatewayExchange>;
  /**
   * Puts another plan in place. Exchanges under way finish on the plan that they began with; the promise settles when the
   * last of them has ended, and nobody needs what the plan was built upon.
   */
  swap(plan: Plan): Promise<void>;
  readonly plan: Plan;
}

/**
 * One exchange, in order: canonicalise and route; the request guards, outermost first; the upstream; the response guards,
 * innermost first, on every response, denials and failures included. Silence is not a pass, and what throws denies.
 */
export function createGateway(first: Plan, env: GatewayEnv): Gateway {
  let plan = first;
  let users = createUsers();

  async function handle(incoming: Incoming): Promise<GatewayExchange> {
    const current = plan;
    const { routed, refusal } = admit(current, incoming);
    const exchange = new GatewayExchange(incoming, routed, {
      id: randomUUID(),
      startedAt: env.clock.now(),
      publicHost: current.policy.site.host,
    });
    exchange.onEnd(users.enter());
    try {
      // A refused request is still counted and gets its CORS headers, but nobody asks who sent it or reads its body.
      const running = runRequestSteps(exchange, refusal ? routed.plan.outerSteps : routed.plan.request.length);
      const stopped = running instanceof Promise ? await running : running;
      if (stopped) settle(exchange, stopped.guard, stopped.verdict);
      else if (refusal) settle(exchange, "route", refusal);
      else if (routed.plan.upstream && incoming.upgrade === undefined) {
        exchange.response = await routed.plan.upstream.send(exchange, routed.plan.send);
      }
    } catch (error) {
      settle(exchange, "upstream", toFailure(error));
    }
    const finishing = runResponseSteps(exchange);
    if (finishing instanceof Promise) await finishing;
    exchange.response.headers.set("x-request-id", exchange.id);
    return exchange;
  }

  return {
    handle,
    swap(next) {
      const before = users;
      plan = next;
      users = createUsers();
      return before.gone();
    },
    get plan() {
      return plan;
    },
  };
}

import { z } from "zod";
import { createBudgetKey, needsPrincipal } from "../lib/budget-key.ts";
import type { Limiter } from "../lib/limit.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS } from "./contract/verdict.ts";

// Beside the limiter, which outlives plans: a limit at the top counts all its routes together, and calls that are still
// under way when a policy is swapped stay counted. An entry exists only while a call of its budget is in flight.
const inFlightBeside = new WeakMap<Limiter, Map<string, number>>();

/**
 * Caps how many calls of one caller are under way at once.
 *
 * A rate limit does not see slow calls: a few clients that start expensive searches, or read their answers drop by drop,
 * hold every upstream connection while they stay below any rate (OWASP API4).
 */
export const concurrency = defineGuard({
  name: "concurrency",
  key: "concurrency",
  summary: "Caps the calls in flight at once, by address, subject or route.",
  controls: ["api-rate-limit"],
  applies: "declared",
  options: z.strictObject({
    max: z.int().min(1).max(1_000_000).meta({ description: "the most calls in flight at once" }),
    per: z
      .enum(["address", "subject", "route"])
      .default("address")
      .meta({ description: "whose calls count together; a caller without a subject counts by address" }),
  }),
  stage: ({ per }) => (needsPrincipal([{ kind: per }]) ? "quota" : "traffic"),
  describe: ({ max, per }) => `at most ${max} in flight at once per ${per}`,
  create({ max, per }, env) {
    const toKey = createBudgetKey(`concurrency ${max} per ${per}`, [{ kind: per }], env);
    const inFlight = inFlightBeside.get(env.limiter) ?? new Map<string, number>();
    inFlightBeside.set(env.limiter, inFlight);

    function release(key: string): void {
      const left = (inFlight.get(key) ?? 1) - 1;
      if (left === 0) inFlight.delete(key);
      else inFlight.set(key, left);
    }

    return {
      request(exchange) {
        const key = toKey(exchange);
        const count = inFlight.get(key) ?? 0;
        if (count >= max) {
          // Nobody knows when a call under way will end; a second is the shortest that the header can say.
          return deny("too-many-in-flight", `${max} calls are in flight already`, { headers: ["retry-after", "1"] });
        }
        inFlight.set(key, count + 1);
        exchange.onEnd(() => release(key));
        return PASS;
      },
    };
  },
});

import { createBudgetKey, needsPrincipal } from "../lib/budget-key.ts";
import { formatDuration } from "../lib/duration.ts";
import type { LimitDecision } from "../lib/limit.ts";
import { formatRate, type Rate, rateOption } from "../lib/rate.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/** How an exchange stands with one limit: what its response says of it. */
interface Standing {
  readonly policy: string;
  toItem(): string;
}

// The numbers belong to one exchange, and several limits on a route answer in one header field; whichever response hook
// comes first writes them all. Weak, so that an exchange which never gets a response leaves nothing behind.
const standings = new WeakMap<Exchange, Standing[]>();

/**
 * Refuses calls beyond a declared rate.
 *
 * Against password guessing, scraping and plain exhaustion (OWASP API4, API6). Calls are spread by GCRA, so there is no
 * window edge at which twice the count slips through. What a client is told of its budget follows
 * draft-ietf-httpapi-ratelimit-headers, on successes and refusals alike. A limit by header counts a value that the client
 * may invent: put one by address beside it.
 */
export const rateLimit = defineGuard({
  name: "rate-limit",
  key: "limit",
  list: true,
  summary: "Refuses calls beyond a declared rate, counted by address, subject, claim, API key, header or route.",
  controls: ["api-rate-limit"],
  applies: "declared",
  options: rateOption,
  stage: ({ per }) => (needsPrincipal(per) ? "quota" : "traffic"),
  describe: (rate) => `at most ${formatRate(rate)}`,
  create(rate, env) {
    const text = formatRate(rate);
    const toKey = createBudgetKey(`limit ${text}`, rate.per, env);
    const describeStanding = createStandings(rate);

    function judge(exchange: Exchange, decision: LimitDecision): Verdict {
      if (rate.quiet !== true) tell(exchange, describeStanding(decision));
      if (decision.allowed) return PASS;
      const headers = ["retry-after", String(toSeconds(decision.waitMs))];
      return deny("rate-limited", `the limit of ${text} is used up`, { headers });
    }

    return {
      request(exchange) {
        const decision = env.limiter.take(toKey(exchange), rate.limit, rate.cost);
        return decision instanceof Promise ? decision.then((late) => judge(exchange, late)) : judge(exchange, decision);
      },
      response(exchange) {
        const known = standings.get(exchange);
        if (known === undefined) return;
        standings.delete(exchange);
        const { headers } = exchange.response;
        // Set, not added: an upstream's own numbers tell of its budget with the gateway, which is nobody's business.
        const [first, ...others] = known;
        const join = (texts: readonly string[]) => texts.join(", ");
        headers.set(
          "ratelimit-policy",
          others.length === 0 ? (first?.policy ?? "") : join(known.map(({ policy }) => policy)),
        );
        headers.set(
          "ratelimit",
          others.length === 0 ? (first?.toItem() ?? "") : join(known.map((one) => one.toItem())),
        );
      },
    };
  },
});

function tell(exchange: Exchange, standing: Standing): void {
  const known = standings.get(exchange);
  if (known) known.push(standing);
  else standings.set(exchange, [standing]);
}

function createStandings({ limit, per }: Rate): (decision: LimitDecision) => Standing {
  const { count, windowMs, burst } = limit;
  // The kinds only: which claim or header counts is nothing that a client needs to know.
  const name = `"${per.map(({ kind }) => kind).join("+")}-${formatDuration(windowMs)}"`;
  const policy = `${name};q=${count};w=${toSeconds(windowMs)}`;
  const wholeBurstButOneMs = (windowMs / count) * (burst - 1);
  return ({ allowed, remaining, resetMs, waitMs }) => ({
    policy,
    toItem() {
      const left = Math.min(remaining, count);
      // With nothing left, what matters is when the next call would pass; it is never later than Retry-After says.
      const untilNextMs = allowed ? resetMs - wholeBurstButOneMs : waitMs;
      return `${name};r=${left};t=${toSeconds(left > 0 ? resetMs : untilNextMs)}`;
    },
  });
}

/** Whole seconds, rounded up: a client that keeps to them is never early. */
function toSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

import { z } from "zod";
import { createBudgetKey, needsPrincipal } from "../lib/budget-key.ts";
import { durationOption, formatDuration } from "../lib/duration.ts";
import type { LimitDecision } from "../lib/limit.ts";
import { formatRate, rateOption } from "../lib/rate.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/** The most calls that wait in one throttle's queues together, whoever they come from: what a queue holds is memory. */
const mostWaiting = 10_000;

const throttleObject = z.strictObject({
  rate: rateOption,
  queue: z
    .int()
    .min(0)
    .max(mostWaiting)
    .default(100)
    .meta({ description: "the most calls of one budget that wait at once; the next one is refused" }),
  wait: durationOption("5s").meta({
    description: "the longest that a call waits; one that would wait longer is refused",
  }),
});

const accepted = '"10/s per subject, queue 50, wait 5s": a rate, then how many wait and how long where that differs';

const throttleText = z
  .string({ error: `Write a throttle: ${accepted}.` })
  .transform((text, context) => {
    const { data, error } = throttleObject.safeParse(splitText(text));
    if (data) return data;
    for (const { message } of error.issues) context.issues.push({ code: "custom", message, input: text });
    return z.NEVER;
  })
  .meta({ description: accepted });

/**
 * Slows a caller down to a declared rate instead of refusing it.
 *
 * For upstreams that break under bursts which are nobody's ill will. Calls beyond the rate wait for their turn, which the
 * limiter has reserved, and are let go one by one. Waiting costs memory and a connection, so every budget's queue is
 * bounded, in calls and in time: one caller cannot fill it for the others. A client that goes away leaves the queue; its
 * turn stays used, or hanging up would be a way to ask for more turns.
 */
export const throttle = defineGuard({
  name: "throttle",
  key: "throttle",
  list: true,
  summary: "Lets calls beyond a rate wait in a bounded queue and releases them at that rate.",
  controls: ["api-rate-limit"],
  applies: "declared",
  options: z.union([throttleText, throttleObject]).meta({ description: `a throttle: ${accepted}, or an object` }),
  stage: ({ rate }) => (needsPrincipal(rate.per) ? "quota" : "traffic"),
  describe: ({ rate, queue, wait }) =>
    `at most ${formatRate(rate)}; up to ${queue} more wait for their turn, ${formatDuration(wait)} at most`,
  create({ rate, queue, wait }, env) {
    const text = formatRate(rate);
    const toKey = createBudgetKey(`throttle ${text}`, rate.per, env);
    const waiting = new Map<string, number>();
    let waitingInAll = 0;

    function hasRoom(key: string): boolean {
      return waitingInAll < mostWaiting && (waiting.get(key) ?? 0) < queue;
    }

    function refuse(waitMs: number): Verdict {
      const headers = ["retry-after", String(Math.max(1, Math.ceil(waitMs / 1000)))];
      return deny("queue-full", `the queue for ${text} is full, or the wait too long`, { headers });
    }

    async function waitForTurn(exchange: Exchange, key: string, waitMs: number): Promise<Verdict> {
      waiting.set(key, (waiting.get(key) ?? 0) + 1);
      waitingInAll += 1;
      try {
        await env.clock.sleep(waitMs, exchange.abort);
        return PASS;
      } catch (error) {
        if (!exchange.abort.aborted) throw error;
        return deny("queue-full", "the client went away while it waited");
      } finally {
        const left = (waiting.get(key) ?? 1) - 1;
        if (left === 0) waiting.delete(key);
        else waiting.set(key, left);
        waitingInAll -= 1;
      }
    }

    function judge(exchange: Exchange, key: string, { allowed, waitMs }: LimitDecision): Verdict | Promise<Verdict> {
      if (!allowed) return refuse(waitMs);
      if (waitMs <= 0) return PASS;
      // Asked again, since a limiter that answers later may have let others into the queue meanwhile.
      return hasRoom(key) ? waitForTurn(exchange, key, waitMs) : refuse(waitMs);
    }

    return {
      request(exchange) {
        const key = toKey(exchange);
        const decision = env.limiter.take(key, rate.limit, rate.cost, hasRoom(key) ? wait : 0);
        return decision instanceof Promise
          ? decision.then((late) => judge(exchange, key, late))
          : judge(exchange, key, decision);
      },
    };
  },
});

function splitText(text: string): z.input<typeof throttleObject> {
  const [, rate = "", queue, wait] = /^(.*?)(?:,? queue (\d+))?(?:,? wait (\d+[a-z]+))?$/.exec(text) ?? [];
  return {
    rate,
    ...(queue === undefined ? {} : { queue: Number(queue) }),
    ...(wait === undefined ? {} : { wait }),
  };
}

import { z } from "zod";
import { formatDuration, parseDuration } from "./duration.ts";
import { formatLimitKey, type LimitKey, limitKeyForms, parseLimitKey } from "./limit-key.ts";
import type { Limit } from "./limit.ts";
import { attempt } from "./text-option.ts";

/** A limit as the policy writes it: how many calls, counted by what, and how many of them one call uses up. */
export interface Rate {
  readonly limit: Limit;
  /** Together they name a budget: `address+route` counts each address on each route apart. */
  readonly per: readonly LimitKey[];
  readonly cost: number;
  /** Callers are not told how they stand: what is left of a budget that many share tells one how busy the others are. */
  readonly quiet?: true;
}

const accepted =
  `"<count>/<window>", then what is counted by, then burst and cost where they differ, then quiet where callers are not told how they stand: ` +
  `"100/min", "5/min per subject", "100/15min per address+route", "5/s per claim:tenant_id, burst 20, cost 5"; it counts by ${limitKeyForms}`;

// Bounds the arithmetic of the limiter: count and window stay exact in a double.
const maxCount = 1_000_000_000;
const maxWindowMs = 366 * 86_400_000;

const rateObject = z.strictObject({
  count: z.number(),
  window: z.string(),
  per: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  burst: z.number().optional(),
  cost: z.number().optional(),
  quiet: z.boolean().optional(),
});

/** A rate as an object, for policies that are generated. */
export type RateObject = z.input<typeof rateObject>;

/**
 * Reads a rate such as `"5/min per subject, burst 20"`. Without `per` it counts by address; without `burst` the whole
 * count may come at once; without `cost` a call counts one.
 * @throws Error whose message names what is wrong and what is accepted
 */
export function parseRate(rate: string | RateObject): Rate {
  const {
    count,
    window,
    per = "address",
    burst = count,
    cost = 1,
    quiet,
  } = typeof rate === "string" ? readText(rate) : rate;
  const windowMs = parseDuration(/^\d/.test(window) ? window : `1${window}`);
  if (windowMs < 1 || windowMs > maxWindowMs) throw new Error("The window of a rate lasts from 1ms to 366d.");
  requireCount("count", count);
  requireCount("burst", burst);
  requireCount("cost", cost);
  if (cost > burst) throw new Error(`A call that costs ${cost} can never pass a burst of ${burst}.`);
  const keys = readKeys(typeof per === "string" ? per.split("+") : per);
  return { limit: { count, windowMs, burst }, per: keys, cost, ...(quiet === true && { quiet }) };
}

/** The canonical text of a rate: the way back from `parseRate`. */
export function formatRate({ limit, per, cost, quiet }: Rate): string {
  const window = formatDuration(limit.windowMs).replace(/^1(?=\D)/, "");
  const burst = limit.burst === limit.count ? "" : `, burst ${limit.burst}`;
  const weight = cost === 1 ? "" : `, cost ${cost}`;
  return `${limit.count}/${window} per ${per.map(formatLimitKey).join("+")}${burst}${weight}${quiet ? ", quiet" : ""}`;
}

/** A policy value that is a rate: text or an object in, a `Rate` out. */
export const rateOption = z
  .union([z.string(), rateObject], { error: `Write a rate: ${accepted}.` })
  .transform((rate, context) => attempt(() => parseRate(rate), rate, context))
  .meta({ description: `a rate: ${accepted}` });

function readText(text: string): RateObject {
  const form = /^(\d+)\/(\d*[a-z]+)(?: per ([^\s,]+))?(?:,? burst (\d+))?(?:,? cost (\d+))?(,? quiet)?$/;
  const [whole, count, window = "", per, burst, cost, quiet] = form.exec(text) ?? [];
  if (whole === undefined) throw new Error(`${JSON.stringify(text.slice(0, 60))} is not a rate. Write ${accepted}.`);
  return {
    count: Number(count),
    window,
    ...(per === undefined ? {} : { per }),
    ...(burst === undefined ? {} : { burst: Number(burst) }),
    ...(cost === undefined ? {} : { cost: Number(cost) }),
    ...(quiet === undefined ? {} : { quiet: true }),
  };
}

function readKeys(texts: readonly string[]): LimitKey[] {
  const keys = texts.map(parseLimitKey);
  if (new Set(keys.map(formatLimitKey)).size < keys.length) throw new Error(`${texts.join("+")} names a key twice.`);
  return keys;
}

function requireCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= maxCount) return;
  throw new Error(`The ${name} of a rate is a whole number from 1 to ${maxCount}.`);
}

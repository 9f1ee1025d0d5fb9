import type { Clock } from "../../src/lib/clock.ts";
import type { Limiter, LimitDecision } from "../../src/lib/limit.ts";

/** A limiter whose every answer is ready at once. */
export interface SyncLimiter extends Limiter {
  take(...call: Parameters<Limiter["take"]>): LimitDecision;
}

/**
 * GCRA written down as plainly as it can be, on an unbounded map: the fake limiter of guard tests, and the reference that
 * real limiters are compared with.
 */
export function naiveLimiter(clock: Clock): SyncLimiter {
  const arrivals = new Map<string, number>();
  return {
    take(key, limit, cost, maxWaitMs = 0) {
      const now = clock.now();
      const interval = limit.windowMs / limit.count;
      const tolerance = interval * limit.burst;
      const arrival = Math.max(arrivals.get(key) ?? now, now);
      const next = arrival + interval * cost;
      const early = next - now - tolerance;
      // Rounding may make a call look early by a trifle.
      const waitMs = early > interval / 1000 ? early : 0;
      const allowed = waitMs <= maxWaitMs;
      if (allowed) arrivals.set(key, next);
      const resetMs = (allowed ? next : arrival) - now;
      const remaining = Math.max(0, Math.floor((tolerance - resetMs) / interval + 0.001));
      return { allowed, remaining, resetMs, waitMs };
    },
  };
}

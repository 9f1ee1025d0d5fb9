import type { Clock } from "./clock.ts";

/** Counts what one party does, for as long as it is there: so many a second, and as many at once. */
export interface TokenBucket {
  /** Whether one more is within the rate; it is counted if so. */
  take(): boolean;
}

/** A full bucket. */
export function createTokenBucket(perSecond: number, clock: Clock): TokenBucket {
  let left = perSecond;
  let filledAt = clock.now();
  return {
    take() {
      const now = clock.now();
      left = Math.min(perSecond, left + (Math.max(0, now - filledAt) / 1000) * perSecond);
      filledAt = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}

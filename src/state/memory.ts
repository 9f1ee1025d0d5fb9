import type { Clock } from "../lib/clock.ts";
import { createHalfSipHash } from "../lib/half-sip-hash.ts";
import type { Limit, LimitDecision, Limiter } from "../lib/limit.ts";

/** What the limiter in memory is made of. */
export interface MemoryLimiterOptions {
  readonly clock: Clock;
  /** The most keys that are remembered at once, rounded up to a power of two; 24 bytes each. */
  readonly ceiling?: number;
  /** 64 bits that nobody outside knows, as two words; random unless a test fixes them. */
  readonly seed?: Uint32Array;
}

/** A limiter that answers at once. */
export interface MemoryLimiter extends Limiter {
  take(key: string, limit: Limit, cost: number, maxWaitMs?: number): LimitDecision;
  /** The bytes of its table: the same before the first call and after the last. */
  readonly bytes: number;
}

const ways = 8;

/** The part of a call that rounding may cost: a sum of fractions must not lose the client the last call of a burst. */
const slack = 0.001;

/**
 * Counts calls in one process, in a table that is allocated once and never grows (GCRA: a key's whole state is the time
 * at which its budget is full again).
 *
 * The attack is a client with a million addresses. A growing map hands it the process's memory, and a map that starts
 * over when it is full hands it everybody's budget. Here a key can only be in one bucket of eight places; a newcomer
 * takes the place of the key that gives up the fewest counted calls, so a flood of keys that called once displaces itself
 * and a client near its limit stays counted. Which keys share a bucket depends on the seed, so that a bucket cannot be
 * aimed at. Keys are told apart by 64 bits of a keyed hash.
 *
 * It fails open in one direction: with more keys in debt than places, the least indebted begin anew.
 */
export function createMemoryLimiter({
  clock,
  ceiling = 131_072,
  seed = randomSeed(),
}: MemoryLimiterOptions): MemoryLimiter {
  const places = ways * 2 ** Math.ceil(Math.log2(Math.max(1, ceiling / ways)));
  const bucketMask = places / ways - 1;
  const fullAgainAt = new Float64Array(places);
  const intervals = new Float64Array(places);
  const lowHashes = new Uint32Array(places);
  const highHashes = new Uint32Array(places);
  const { hash } = createHalfSipHash(seed);
  const hashed = new Uint32Array(2);
  // Times are kept relative: a fraction of a call is lost in a double that counts from 1970.
  let origin = clock.now();
  let latest = 0;

  /** Time that never runs backwards: a clock set back an hour would put every client in debt for an hour. */
  function elapsed(): number {
    const now = clock.now() - origin;
    if (now < latest) origin -= latest - now;
    else latest = now;
    return latest;
  }

  /** The place of the hashed key: its own, or the one that it takes over. */
  function placeOf(now: number): number {
    const low = hashed[0] ?? 0;
    const high = hashed[1] ?? 0;
    const first = (low & bucketMask) * ways;
    let least = first;
    let leastCalls = Number.POSITIVE_INFINITY;
    for (let place = first; place < first + ways; place += 1) {
      if (lowHashes[place] === low && highHashes[place] === high) return place;
      const debt = (fullAgainAt[place] ?? 0) - now;
      const calls = debt > 0 ? debt / (intervals[place] ?? 1) : 0;
      if (calls >= leastCalls) continue;
      leastCalls = calls;
      least = place;
    }
    lowHashes[least] = low;
    highHashes[least] = high;
    fullAgainAt[least] = now;
    return least;
  }

  return {
    bytes: fullAgainAt.byteLength + intervals.byteLength + lowHashes.byteLength + highHashes.byteLength,
    take(key, limit, cost, maxWaitMs = 0) {
      const now = elapsed();
      hash(key, hashed);
      const place = placeOf(now);
      const interval = limit.windowMs / limit.count;
      const debt = Math.max(0, (fullAgainAt[place] ?? 0) - now);
      const tolerance = interval * limit.burst;
      const early = debt + interval * cost - tolerance;
      const waitMs = early > interval * slack ? early : 0;
      if (waitMs > maxWaitMs)
        return { allowed: false, remaining: callsIn(tolerance - debt, interval), resetMs: debt, waitMs };
      const resetMs = debt + interval * cost;
      fullAgainAt[place] = now + resetMs;
      intervals[place] = interval;
      return { allowed: true, remaining: callsIn(tolerance - resetMs, interval), resetMs, waitMs };
    },
  };
}

function callsIn(milliseconds: number, interval: number): number {
  return Math.max(0, Math.floor(milliseconds / interval + slack));
}

function randomSeed(): Uint32Array {
  return crypto.getRandomValues(new Uint32Array(2));
}

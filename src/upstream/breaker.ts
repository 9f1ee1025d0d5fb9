import type { Clock } from "../lib/clock.ts";

export interface BreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** Milliseconds it stays open before one call may try again. */
  readonly openMs: number;
}

/** Keeps calls away from an upstream that fails, so that waiting clients and a struggling service both get air. */
export interface Breaker {
  /** Whether a call may go out now. A `true` must be followed by `succeeded`, `failed` or `abandoned`. */
  admits(): boolean;
  succeeded(): void;
  failed(): void;
  /** The call ended without saying anything about the upstream: the client went away. */
  abandoned(): void;
  readonly state: "closed" | "open" | "half-open";
}

/** A circuit breaker that counts failures in a row: closed, then open for a while, then one trial call at a time. */
export function createBreaker(options: BreakerOptions, clock: Clock): Breaker {
  let failuresInRow = 0;
  let openUntil = 0;
  let trial = false;

  return {
    admits() {
      if (failuresInRow < options.failures) return true;
      if (trial || clock.now() < openUntil) return false;
      trial = true;
      return true;
    },
    succeeded() {
      failuresInRow = 0;
      trial = false;
    },
    failed() {
      failuresInRow += 1;
      trial = false;
      if (failuresInRow >= options.failures) openUntil = clock.now() + options.openMs;
    },
    abandoned() {
      trial = false;
    },
    get state() {
      if (failuresInRow < options.failures) return "closed";
      return trial || clock.now() >= openUntil ? "half-open" : "open";
    },
  };
}

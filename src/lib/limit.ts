/** So many calls in so much time. `burst` is how many may come at once; the rest is spread evenly (GCRA). */
export interface Limit {
  readonly count: number;
  readonly windowMs: number;
  readonly burst: number;
}

export interface LimitDecision {
  readonly allowed: boolean;
  /** Calls of weight one that would pass right now. */
  readonly remaining: number;
  /** Milliseconds until the whole burst is available again. */
  readonly resetMs: number;
  /** Where refused: milliseconds until the same call would pass. Where allowed by waiting: how long to wait. */
  readonly waitMs: number;
}

/** Counts calls by key, in one process or in a store shared by several. */
export interface Limiter {
  /**
   * Takes `cost` calls out of the budget of `key`; a negative cost gives back what was taken. With `maxWaitMs`, a call that comes too early is allowed all the same
   * when its turn comes within that time: it has to wait `waitMs` first.
   */
  take(key: string, limit: Limit, cost: number, maxWaitMs?: number): LimitDecision | Promise<LimitDecision>;
}

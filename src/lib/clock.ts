/** Time as everything in Headgate sees it: passed in, so that a test moves it by hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds; rejects when `abort` fires first. */
  sleep(milliseconds: number, abort?: AbortSignal): Promise<void>;
}

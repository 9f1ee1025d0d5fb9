import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../lib/clock.ts";

/** The machine's own time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, abort) => sleep(milliseconds, undefined, abort ? { signal: abort } : {}),
};

import { createHash, randomInt } from "node:crypto";
import { isTooDeep } from "../lib/html/depth.ts";
import { mayHoldMarkup } from "../lib/html/plain-text.ts";
import type { Clock } from "../lib/clock.ts";
import { HeadgateError } from "../lib/error.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";
import type { Cleaner, CleanerLimits, Sanitizer } from "../lib/sanitizer.ts";
import { createPool, type PoolOptions, type WorkerLoss } from "./pool.ts";
import { createResultCache, type ResultCacheBounds } from "./result-cache.ts";

/** What bounds the sanitiser; every figure has a default. */
export interface SanitizerOptions extends Partial<Omit<PoolOptions, "report">> {
  readonly clock: Clock;
  readonly cache?: ResultCacheBounds;
  report(loss: WorkerLoss): void;
}

/** A sanitiser with its life in the hands of whoever made it. */
export interface RunningSanitizer extends Sanitizer {
  /**
   * Resolves when it can clean; at once where nobody has prepared a cleaner.
   * @throws HeadgateError `sanitizer-unavailable` when no worker starts
   */
  ready(): Promise<void>;
  close(): Promise<void>;
}

const defaults: Omit<PoolOptions, "report"> = {
  // While one is being replaced, another works. What is served is cached: more would hold memory and wait.
  size: 2,
  timeLimitMs: 2000,
  startLimitMs: 20_000,
  heapLimitMb: 256,
  maxJobsPerWorker: 5000,
  maxHeapBytes: 128 * 1024 * 1024,
  maxWaiting: 512,
  maxWaitingSize: 16 * 1024 * 1024,
  waitLimitMs: 5000,
};
const defaultCache: ResultCacheBounds = { maxSize: 16 * 1024 * 1024, maxEntries: 20_000 };
/** For how long, and how many, texts that a worker could not get done are refused without asking one again. */
const refusalMs = 30_000;
const maxRefusals = 1000;
const maxShelves = 32;

/**
 * The sanitiser of the gateway: a cache of results for each set of lists, and workers that start when the first cleaner is
 * prepared. Equal texts that are asked for at the same time are cleaned once.
 */
export function createSanitizer({ clock, report, cache = defaultCache, ...pool }: SanitizerOptions): RunningSanitizer {
  const workers = createPool({ ...defaults, ...pool, report });
  /** By the lists themselves: two routes, or two policies one after the other, share what is the same. */
  const shelves = new Map<string, ReturnType<typeof createShelf>>();
  let isUsed = false;

  function createShelf(profile: SanitizeProfile) {
    const results = createResultCache(cache, randomInt(2 ** 32));
    const underWay = new Map<string, Promise<string>>();
    const refusals = new Map<string, number>();

    async function cleanNow(html: string, key: string): Promise<string> {
      try {
        const clean = await workers.clean(html, profile);
        results.set(html, clean);
        return clean === html ? html : clean;
      } catch (error) {
        if (error instanceof HeadgateError && error.code === "content-refused") remember(key);
        throw error;
      } finally {
        underWay.delete(key);
      }
    }

    /** Whoever stores one such text must not keep the workers busy with every reader. */
    function remember(key: string): void {
      if (refusals.size >= maxRefusals) refusals.clear();
      refusals.set(key, clock.now() + refusalMs);
    }

    return (html: string): string | Promise<string> => {
      const known = results.get(html);
      if (known !== undefined) return known;
      const key = digest(html);
      if ((refusals.get(key) ?? 0) > clock.now()) return refuse("could not be cleaned a moment ago");
      if (isTooDeep(html)) return refuse("is nested deeper than any text");
      const running = underWay.get(key) ?? cleanNow(html, key);
      underWay.set(key, running);
      return running;
    };
  }

  return {
    prepare(profile: SanitizeProfile, { maxBytes }: CleanerLimits): Cleaner {
      void workers.start().catch(() => undefined);
      isUsed = true;
      const key = JSON.stringify({ ...profile, name: "" });
      const clean = shelves.get(key) ?? createShelf(profile);
      // Those of policies that are long gone go first; what a cleaner still has in hand stays with it.
      shelves.delete(key);
      shelves.set(key, clean);
      for (const oldest of shelves.keys()) if (shelves.size > maxShelves) shelves.delete(oldest);
      return {
        clean(html) {
          if (html.length > maxBytes || (html.length * 3 > maxBytes && Buffer.byteLength(html) > maxBytes))
            return refuse("is larger than allowed");
          return mayHoldMarkup(html) ? clean(html) : html;
        },
      };
    },
    ready: async () => (isUsed ? workers.start() : undefined),
    close: () => workers.close(),
  };
}

function refuse(what: string): never {
  throw new HeadgateError("content-refused", `the HTML ${what}`);
}

function digest(text: string): string {
  return createHash("sha256").update(text, "utf16le").digest("base64");
}

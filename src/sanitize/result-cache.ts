/** Texts and what became of them, bounded by size and number. */
export interface ResultCache {
  get(text: string): string | undefined;
  set(text: string, result: string): void;
  /** UTF-16 units that are held at the moment. */
  readonly size: number;
}

export interface ResultCacheBounds {
  /** UTF-16 units of texts and results together, in memory one byte or two each. */
  readonly maxSize: number;
  readonly maxEntries: number;
}

interface Entry {
  readonly text: string;
  readonly result: string;
  readonly size: number;
}

/** One half of the cache's life: entries by fingerprint. */
interface Generation {
  readonly buckets: Map<number, Entry[]>;
  size: number;
  count: number;
}

/** What an entry costs beside its texts, about. */
const entryCost = 100;
/** Texts with one fingerprint; of more, the oldest goes. */
const maxBucket = 8;
const samples = 64;

/**
 * A cache in two generations: what is asked for moves from the old one to the young one; when the young one is half of the
 * bounds, it becomes the old one, and the old one goes. A hit writes nothing, where a list ordered by use would.
 *
 * A text is found by a fingerprint of some of its characters and then compared as a whole, which is four times faster than
 * to hash all of it, and never wrong. Whoever writes texts that agree in all sampled places, not knowing the `seed`, gets
 * them into one bucket, which is short.
 */
export function createResultCache(bounds: ResultCacheBounds, seed: number): ResultCache {
  const maxSize = bounds.maxSize / 2;
  const maxEntries = bounds.maxEntries / 2;
  let young = createGeneration();
  let old = createGeneration();

  function put(key: number, entry: Entry): void {
    if (young.size + entry.size > maxSize || young.count >= maxEntries) {
      old = young;
      young = createGeneration();
    }
    const bucket = young.buckets.get(key);
    if (!bucket) young.buckets.set(key, [entry]);
    else {
      if (bucket.length >= maxBucket) drop(young, bucket, 0);
      bucket.push(entry);
    }
    young.size += entry.size;
    young.count += 1;
  }

  return {
    get(text) {
      const key = fingerprint(text, seed);
      const recent = young.buckets.get(key)?.find((entry) => entry.text === text);
      if (recent) return recent.result;
      const bucket = old.buckets.get(key);
      const at = bucket?.findIndex((entry) => entry.text === text) ?? -1;
      const entry = bucket?.[at];
      if (!bucket || !entry) return undefined;
      drop(old, bucket, at);
      put(key, entry);
      return entry.result;
    },
    set(text, result) {
      // The result of a clean text is that text: it is not held a second time.
      const size = text.length + (result === text ? 0 : result.length) + entryCost;
      if (size <= maxSize) put(fingerprint(text, seed), { text, result: result === text ? text : result, size });
    },
    get size() {
      return young.size + old.size;
    },
  };
}

function createGeneration(): Generation {
  return { buckets: new Map(), size: 0, count: 0 };
}

function drop(generation: Generation, bucket: Entry[], at: number): void {
  for (const { size } of bucket.splice(at, 1)) {
    generation.size -= size;
    generation.count -= 1;
  }
}

/** A number out of the length and of characters that stand a step apart, from a start that the seed decides. */
function fingerprint(text: string, seed: number): number {
  const { length } = text;
  const step = length / samples;
  let hash = (seed ^ length) | 0;
  for (let at = length > samples ? (seed >>> 8) % step : 0; at < length; at += step > 1 ? step : 1)
    hash = Math.imul(hash ^ text.charCodeAt(at | 0), 0x0100_0193);
  return hash;
}

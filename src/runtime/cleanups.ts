/** What has to be undone at the end, newest first. */
export interface Cleanups {
  add(cleanup: () => unknown): void;
  /** Undoes everything, once; later calls wait for the first. */
  run(): Promise<void>;
}

/** A list of cleanups: `AsyncDisposableStack`, which Node 22 does not have. */
export function createCleanups(): Cleanups {
  const cleanups: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  async function runAll(): Promise<void> {
    for (let cleanup = cleanups.pop(); cleanup; cleanup = cleanups.pop()) await cleanup();
  }
  return {
    add: (cleanup) => void cleanups.push(cleanup),
    run: () => (running ??= runAll()),
  };
}

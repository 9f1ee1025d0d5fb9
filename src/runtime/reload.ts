import { statSync } from "node:fs";
import { watch } from "chokidar";

/** Runs reloads one after the other, whatever asks for them, and never two at once. */
export interface Reloader {
  /** Asks for a reload; several asked for while one runs become one. */
  request(): void;
  /**
   * Replaces the files whose changes ask for a reload. One that was written after `readAt` (milliseconds since the epoch)
   * has changed already: nobody would hear of what happened before the watch began.
   */
  watchFiles(files: readonly string[], readAt: number): void;
  close(): Promise<void>;
}

const settleMs = 100;
/** File systems write down times in steps of a few milliseconds, rounded down. */
const stepMs = 10;

/** A reloader for files and for SIGHUP. `reload` must not throw: it reports what is wrong itself. */
export function createReloader(reload: () => Promise<void>): Reloader {
  let watched: readonly string[] = [];
  /** Files of which the first word of the watcher only says that they are there, and when they were read. */
  const unseen = new Map<string, number>();
  let running: Promise<void> | undefined;
  let again = false;
  const watcher = watch([], {
    awaitWriteFinish: { stabilityThreshold: settleMs, pollInterval: 20 },
  });

  function request(): void {
    if (running) {
      again = true;
      return;
    }
    running = reload().finally(() => {
      running = undefined;
      if (!again) return;
      again = false;
      request();
    });
  }

  watcher.on("all", (event, file) => {
    const readAt = unseen.get(file);
    unseen.delete(file);
    if (event !== "add" || readAt === undefined || hasChangedSince(file, readAt)) request();
  });
  process.on("SIGHUP", request);
  return {
    request,
    watchFiles(files, readAt) {
      const gone = watched.filter((file) => !files.includes(file));
      if (gone.length > 0) watcher.unwatch(gone);
      for (const file of files) if (!watched.includes(file)) unseen.set(file, readAt);
      watcher.add([...files]);
      watched = files;
    },
    async close() {
      process.off("SIGHUP", request);
      await watcher.close();
      await running;
    },
  };
}

/** Asked when the watch stands: what is written from then on is heard of. */
function hasChangedSince(file: string, readAt: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY) > readAt - stepMs;
}

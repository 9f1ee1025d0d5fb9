import { watch } from "chokidar";

/** Runs reloads one after the other, whatever asks for them, and never two at once. */
export interface Reloader {
  /** Asks for a reload; several asked for while one runs become one. */
  request(): void;
  /** Replaces the files whose changes ask for a reload. */
  watchFiles(files: readonly string[]): void;
  close(): Promise<void>;
}

const settleMs = 100;

/** A reloader for files and for SIGHUP. `reload` must not throw: it reports what is wrong itself. */
export function createReloader(reload: () => Promise<void>): Reloader {
  let watched: readonly string[] = [];
  let running: Promise<void> | undefined;
  let again = false;
  const watcher = watch([], {
    ignoreInitial: true,
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

  watcher.on("all", request);
  process.on("SIGHUP", request);
  return {
    request,
    watchFiles(files) {
      const gone = watched.filter((file) => !files.includes(file));
      if (gone.length > 0) watcher.unwatch(gone);
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

const parentCheckMs = 500;

/** Resolves when the process is told to stop. A second signal while it stops ends it at once. */
export function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(1));
      });
    }
  });
}

/**
 * Resolves when whoever started the process is gone. A shell between it and npm dies of the signal that npm sends on, and
 * would leave the demo behind with its ports taken.
 */
export function untilOrphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(timer);
      resolve();
    }, parentCheckMs);
    timer.unref();
  });
}

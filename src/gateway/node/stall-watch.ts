/** Something that may wait for the other end: a body that is read, an answer that is written. */
export interface Stallable {
  /** Called every tick while watched. */
  tick(tickMs: number): void;
}

/** Notices connections that stand still or crawl, with one timer for all of them. */
export interface StallWatch {
  add(one: Stallable): void;
  delete(one: Stallable): void;
  close(): void;
}

const tickMs = 500;

/** A watch on the machine's own timer; it keeps no process alive. */
export function createStallWatch(): StallWatch {
  const watched = new Set<Stallable>();
  const timer = setInterval(() => {
    for (const one of watched) one.tick(tickMs);
  }, tickMs);
  timer.unref();
  return {
    add: (one) => void watched.add(one),
    delete: (one) => void watched.delete(one),
    close: () => clearInterval(timer),
  };
}

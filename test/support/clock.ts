import type { Clock } from "../../src/lib/clock.ts";

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time forward; sleepers wake in the order of their due times, each with the clock at its own due time. */
  advance(milliseconds: number): Promise<void>;
  /** How many are asleep right now. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly due: number;
  wake(): void;
}

/** Makes a fake clock that starts at `start`, in milliseconds since the epoch. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();

  function nextDue(until: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of sleepers) if (sleeper.due <= until && (!next || sleeper.due < next.due)) next = sleeper;
    return next;
  }

  return {
    now: () => now,
    get sleepers() {
      return sleepers.size;
    },
    sleep(milliseconds, abort) {
      return new Promise((resolve, reject) => {
        if (abort?.aborted) return reject(abort.reason);
        const sleeper: Sleeper = { due: now + milliseconds, wake };
        function wake(): void {
          abort?.removeEventListener("abort", giveUp);
          sleepers.delete(sleeper);
          resolve();
        }
        function giveUp(): void {
          sleepers.delete(sleeper);
          reject(abort?.reason);
        }
        sleepers.add(sleeper);
        abort?.addEventListener("abort", giveUp, { once: true });
      });
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      for (let sleeper = nextDue(until); sleeper; sleeper = nextDue(until)) {
        now = Math.max(now, sleeper.due);
        sleeper.wake();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets every promise that can settle without time passing do so. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import type { Clock } from "../lib/clock.ts";
import type { Report } from "./report.ts";

/** How often a report came again after it was told, and from how many addresses together. */
export interface Repeated {
  readonly report: Report;
  readonly count: number;
  /** At least so many; counting stops at `maxClients`. */
  readonly clients: number;
}

/** Remembers which reports were told of late, so that the same one is told once in a window. */
export interface Repeats {
  /** Whether it was told within the window; if so, it is counted. */
  holdBack(report: Report, client: string): boolean;
  /** Takes in a report that is told now. Where the table is full, the oldest leaves it and is due. */
  remember(report: Report, client: string): void;
  /** Reports whose window is over and that came again in it: to be told with their count. At most `most` at a time. */
  takeDue(most: number): Repeated[];
  /** How many are remembered. */
  readonly size: number;
}

interface Entry {
  readonly report: Report;
  readonly until: number;
  readonly clients: Set<string>;
  held: number;
}

/** More addresses than this are not told apart. */
const maxClients = 16;

/**
 * A table of reports with a ceiling. Entries leave in the order in which they came, so what is over stands in front; the
 * table holds no more than `ceiling` entries of bounded size, whatever is sent.
 */
export function createRepeats(options: {
  readonly clock: Clock;
  readonly windowMs: number;
  readonly ceiling: number;
}): Repeats {
  const { clock, windowMs, ceiling } = options;
  const entries = new Map<string, Entry>();
  const due: Entry[] = [];

  function drop(key: string, entry: Entry): void {
    entries.delete(key);
    // What is due takes room as well: beyond the ceiling the count is let go, and the metric of repeats still has it.
    if (entry.held > 0 && due.length < ceiling) due.push(entry);
  }

  function expire(): void {
    const now = clock.now();
    for (const [key, entry] of entries) {
      if (entry.until > now) return;
      drop(key, entry);
    }
  }

  return {
    holdBack(report, client) {
      expire();
      const entry = entries.get(keyOf(report));
      if (!entry) return false;
      entry.held += 1;
      if (entry.clients.size < maxClients) entry.clients.add(client);
      return true;
    },
    remember(report, client) {
      const [oldest] = entries;
      if (oldest && entries.size >= ceiling) drop(...oldest);
      entries.set(keyOf(report), {
        report,
        until: clock.now() + windowMs,
        clients: new Set([client]),
        held: 0,
      });
    },
    takeDue(most) {
      expire();
      return due.splice(0, most).map(({ report, held, clients }) => ({ report, count: held, clients: clients.size }));
    },
    get size() {
      return entries.size;
    },
  };
}

function keyOf({ event, sameness }: Report): string {
  return `${event}\n${sameness.join("\n")}`;
}

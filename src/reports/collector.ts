import type { Exchange, Note } from "../guards/contract/exchange.ts";
import type { Clock } from "../lib/clock.ts";
import type { Limiter } from "../lib/limit.ts";
import { createNoiseFilter } from "./noise.ts";
import type { ReportsOptions } from "./options.ts";
import { createRepeats } from "./repeats.ts";
import type { Loss, ParsedReports, Report } from "./report.ts";
import { createSpeaksFor } from "./speaks-for.ts";

/** What the collector needs of the world. */
export interface CollectorEnv {
  readonly clock: Clock;
  readonly limiter: Limiter;
  /** Whether an address is on the site. */
  isOwn(address: string): boolean;
}

/** Turns what browsers report into events of the exchange that brought it. */
export interface Collector {
  /** Tells what is new, counts everything else. */
  take(exchange: Exchange, parsed: ParsedReports): Promise<void>;
  /** How many reports are remembered to tell repetitions. */
  readonly remembered: number;
}

const guard = "reports";

/** Events of counts that one exchange tells for others: few, so that no post costs much more than another. */
const mostDue = 20;

const losses: Readonly<Record<Loss, Pick<Note, "event" | "reason">>> = {
  malformed: { event: "report.refused", reason: "not in the form of a report" },
  foreign: { event: "report.refused", reason: "sent by one origin about a page of another" },
  unknown: { event: "report.refused", reason: "of a type that is not known" },
  noise: { event: "report.ignored", reason: "the doing of an extension, or of something else than the site" },
  "over-limit": { event: "report.dropped", reason: "more different reports than are taken" },
  repeated: { event: "report.repeated", reason: "told already; counted until the window is over" },
};

/**
 * A collector for one policy. Reports are hostile input, for nobody proves to be a browser: noise goes first, then what
 * was told of late, then what is beyond the ceilings, of one address and of all. What is left becomes an event.
 */
export function createCollector(options: ReportsOptions, env: CollectorEnv): Collector {
  const isNoise = createNoiseFilter(options.ignore);
  const repeats = createRepeats({ clock: env.clock, windowMs: options.window, ceiling: options.table });

  /** By address first: one address that is over its own ceiling takes nothing of what all have together. */
  async function mayTell(address: string): Promise<boolean> {
    const own = await env.limiter.take(`reports of\n${address}`, options.events.perAddress, 1);
    return own.allowed && (await env.limiter.take("reports of all", options.events.overall, 1)).allowed;
  }

  async function judge(report: Report, address: string): Promise<Loss | undefined> {
    if (isNoise(report.subjects)) return "noise";
    if (repeats.holdBack(report, address)) return "repeated";
    if (!(await mayTell(address))) return "over-limit";
    repeats.remember(report, address);
    return undefined;
  }

  return {
    async take(exchange, parsed) {
      const speaksFor = createSpeaksFor(exchange, env.isOwn);
      const lost = new Map(parsed.lost);
      for (const report of parsed.reports) {
        const loss = speaksFor(report.from) ? await judge(report, exchange.client.key) : "foreign";
        if (loss === undefined) {
          const { event, reason, facts } = report;
          exchange.note({ guard, event, reason, count: 1, facts });
        } else lost.set(loss, (lost.get(loss) ?? 0) + 1);
      }
      for (const { report, count, clients } of repeats.takeDue(mostDue)) {
        const reason = `${count} more: ${report.reason}`;
        const facts = { ...report.facts, clients: String(clients) };
        exchange.note({ guard, event: report.event, reason, count, facts });
      }
      for (const [loss, count] of lost) exchange.note({ guard, ...losses[loss], count });
    },
    get remembered() {
      return repeats.size;
    },
  };
}

import { cleanText } from "./clean.ts";
import { familyOf, type JudgedSource, judgeSource } from "./judge-source.ts";
import { readViolations, type Violation } from "./read-violations.ts";

/** What was seen of one thing that a directive blocked. */
export interface Sighting {
  readonly count: number;
  /** At least so many addresses reported it. */
  readonly clients: number;
  /** Patterns of routes, most frequent first. */
  readonly pages: readonly string[];
}

/** A source that a directive would have to name. */
export interface LearntSource extends Sighting {
  readonly directive: string;
  readonly source: string;
}

/** Something blocked that no policy should allow, and what to do instead. */
export interface RefusedSource extends Sighting {
  readonly directive: string;
  readonly blocked: string;
  readonly why: string;
}

/** What the collected reports say about a policy. */
export interface Proposal {
  readonly violations: number;
  /** Violations on pages of other origins: their policies are not ours to change. */
  readonly elsewhere: number;
  /** Lines that hold no events of the collector: other events, other programs' lines. */
  readonly skipped: number;
  /** Different things blocked that were left out because there were too many. */
  readonly omitted: number;
  readonly sources: readonly LearntSource[];
  /** Reported by fewer addresses than asked for: one visitor's extension, or one forger. */
  readonly doubtful: readonly LearntSource[];
  readonly refused: readonly RefusedSource[];
}

/** How to learn. */
export interface LearnOptions {
  /** Origins that are the site itself, whose pages the collector may have named by their whole address. */
  readonly siteOrigins: readonly string[];
  /** How many addresses have to have reported a source before it is proposed. */
  readonly minClients: number;
}

/** Reads lines of the log one by one, and proposes at the end. */
export interface Learner {
  read(line: string): void;
  propose(): Proposal;
}

/** Learns a policy from the collector's events in the gateway's log (JSON lines). */
export function createLearner({ siteOrigins, minClients }: LearnOptions): Learner {
  const site = new Set(siteOrigins);
  const tallies = new Map<string, Tally>();
  let violations = 0;
  let elsewhere = 0;
  let skipped = 0;
  let omitted = 0;

  /** The collector names pages of the site by their route, all others by their origin. */
  function isOfSite(page: string): boolean {
    return !/^[a-z][a-z0-9+.-]*:/i.test(page) || site.has(page);
  }

  function count(violation: Violation): void {
    if (!isOfSite(violation.page)) {
      elsewhere += violation.count;
      return;
    }
    violations += violation.count;
    const judged = judgeSource(violation.directive, violation.blocked, site);
    const key = keyOf(violation, judged);
    let tally = tallies.get(key);
    if (!tally && tallies.size >= maxTallies) omitted += 1;
    else {
      if (!tally) tallies.set(key, (tally = emptyTally(violation, judged)));
      addTo(tally, violation);
    }
  }

  return {
    read(line) {
      const found = readViolations(line);
      if (found.length === 0 && line.trim() !== "") skipped += 1;
      for (const violation of found) count(violation);
    },
    propose() {
      const all = [...tallies.values()].sort((a, b) => b.count - a.count || order(a, b));
      const sources = all.flatMap((tally): LearntSource[] => {
        const { directive, judged } = tally;
        return "source" in judged
          ? [{ directive: familyOf(directive), source: judged.source, ...toSighting(tally) }]
          : [];
      });
      const refused = all.flatMap((tally): RefusedSource[] => {
        const { directive, blocked, judged } = tally;
        return "why" in judged ? [{ directive, blocked, why: judged.why, ...toSighting(tally) }] : [];
      });
      const isSure = ({ clients }: LearntSource) => clients >= minClients;
      return {
        violations,
        elsewhere,
        skipped,
        omitted,
        sources: sources.filter(isSure),
        doubtful: sources.filter((source) => !isSure(source)),
        refused,
      };
    },
  };
}

/** What is known of one source or refusal. */
interface Tally {
  readonly directive: string;
  readonly blocked: string;
  readonly judged: JudgedSource;
  count: number;
  clientsTold: number;
  readonly clients: Set<string>;
  readonly pages: Map<string, number>;
}

// The log holds what strangers sent: a learner is as bounded as the collector.
const maxTallies = 2000;
const maxClients = 1000;
const maxPages = 50;

/** What is refused keeps the directive as the browser wrote it: a handler needs other advice than a script. */
function keyOf({ directive, blocked }: Violation, judged: JudgedSource): string {
  return "source" in judged ? `${familyOf(directive)} ${judged.source}` : `${directive} ${shorten(blocked)}`;
}

function emptyTally({ directive, blocked }: Violation, judged: JudgedSource): Tally {
  const shown = shorten(blocked);
  return { directive, blocked: shown, judged, count: 0, clientsTold: 0, clients: new Set(), pages: new Map() };
}

function addTo(tally: Tally, { count, client, page }: Violation): void {
  tally.count += count;
  if (typeof client === "number") tally.clientsTold = Math.max(tally.clientsTold, client);
  else if (client !== undefined && tally.clients.size < maxClients) tally.clients.add(client);
  const known = tally.pages.get(page) ?? 0;
  if (known > 0 || tally.pages.size < maxPages) tally.pages.set(page, known + count);
}

/** An address without its path, as text that a terminal can show. */
function shorten(blocked: string): string {
  return cleanText(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(blocked)?.[0] ?? blocked, 120);
}

function toSighting({ count, clients, clientsTold, pages }: Tally): Sighting {
  const byCount = [...pages].sort(([, a], [, b]) => b - a).map(([page]) => page);
  return { count, clients: Math.max(clients.size, clientsTold), pages: byCount };
}

function order(a: Tally, b: Tally): number {
  return a.directive.localeCompare(b.directive) || a.blocked.localeCompare(b.blocked);
}

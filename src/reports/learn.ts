import { isRecord } from "../lib/own-path.ts";
import { cleanText } from "./clean.ts";
import { cspDirectives } from "./csp-violation.ts";
import { familyOf, judgeSource } from "./judge-source.ts";

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
  /** Origins that are the site itself. */
  readonly siteOrigins: readonly string[];
  /** How many addresses have to have reported a source before it is proposed. */
  readonly minClients: number;
}

/** Reads lines of the log one by one, and proposes at the end. */
export interface Learner {
  read(line: string): void;
  propose(): Proposal;
}

interface Tally {
  readonly directive: string;
  readonly blocked: string;
  count: number;
  clientsTold: number;
  readonly clients: Set<string>;
  readonly pages: Map<string, number>;
}

const directives: ReadonlySet<string> = new Set(cspDirectives);

// The log holds what strangers sent: a learner is as bounded as the collector.
const maxTallies = 2000;
const maxClients = 1000;
const maxPages = 50;
const maxLineLength = 1_000_000;

/** Learns a policy from the collector's events in the gateway's log (JSON lines). */
export function createLearner({ siteOrigins, minClients }: LearnOptions): Learner {
  const tallies = new Map<string, Tally>();
  const site = new Set(siteOrigins);
  let violations = 0;
  let skipped = 0;
  let omitted = 0;

  function tallyOf(directive: string, blocked: string): Tally | undefined {
    const judged = judgeSource(directive, blocked, site);
    // What is refused keeps the directive as the browser wrote it: a handler needs other advice than a script.
    const key = "source" in judged ? `${familyOf(directive)} ${judged.source}` : `${directive} ${originOf(blocked)}`;
    let tally = tallies.get(key);
    if (!tally && tallies.size < maxTallies) {
      tally = { directive, blocked, count: 0, clientsTold: 0, clients: new Set(), pages: new Map() };
      tallies.set(key, tally);
    }
    return tally;
  }

  function readNote(note: unknown, client: unknown): boolean {
    if (!isRecord(note) || note["event"] !== "csp.violated" || !isRecord(note["facts"])) return false;
    const { directive, blocked, page, clients } = note["facts"];
    if (typeof directive !== "string" || !directives.has(directive) || typeof blocked !== "string") return false;
    const count = typeof note["count"] === "number" && note["count"] > 0 ? note["count"] : 1;
    violations += count;
    const tally = tallyOf(directive, blocked);
    if (!tally) {
      omitted += 1;
      return true;
    }
    tally.count += count;
    // A line that tells a count for others tells how many they were; its own client is none of them.
    if (typeof clients === "string") tally.clientsTold = Math.max(tally.clientsTold, Number(clients) || 0);
    else if (typeof client === "string" && tally.clients.size < maxClients) tally.clients.add(client);
    const where = typeof page === "string" ? cleanText(page, 120) : "";
    if (tally.pages.size < maxPages || tally.pages.has(where))
      tally.pages.set(where, (tally.pages.get(where) ?? 0) + count);
    return true;
  }

  return {
    read(line) {
      const event = line.length > maxLineLength ? undefined : parseLine(line);
      const notes = isRecord(event) && Array.isArray(event["notes"]) ? (event["notes"] as unknown[]) : [];
      const used = notes.filter((note) => readNote(note, isRecord(event) ? event["client"] : undefined)).length;
      if (used === 0 && line.trim() !== "") skipped += 1;
    },
    propose() {
      const all = [...tallies.values()].sort((a, b) => b.count - a.count || order(a, b));
      const sources: LearntSource[] = [];
      const refused: RefusedSource[] = [];
      for (const tally of all) {
        const { directive, blocked } = tally;
        const judged = judgeSource(directive, blocked, site);
        const seen = toSighting(tally);
        if ("source" in judged) sources.push({ directive: familyOf(directive), source: judged.source, ...seen });
        else refused.push({ directive, blocked: cleanText(originOf(blocked), 120), why: judged.why, ...seen });
      }
      const isSure = ({ clients }: LearntSource) => clients >= minClients;
      return {
        violations,
        skipped,
        omitted,
        sources: sources.filter(isSure),
        doubtful: sources.filter((source) => !isSure(source)),
        refused,
      };
    },
  };
}

/** A line of the log, whatever a container runtime put in front of it. */
function parseLine(line: string): unknown {
  const start = line.indexOf("{");
  if (start < 0) return undefined;
  try {
    return JSON.parse(line.slice(start));
  } catch {
    return undefined;
  }
}

function toSighting({ count, clients, clientsTold, pages }: Tally): Sighting {
  const byCount = [...pages].sort(([, a], [, b]) => b - a).map(([page]) => page);
  return { count, clients: Math.max(clients.size, clientsTold), pages: byCount };
}

function order(a: Tally, b: Tally): number {
  return a.directive.localeCompare(b.directive) || a.blocked.localeCompare(b.blocked);
}

/** An address without its path. */
function originOf(blocked: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*/i.exec(blocked)?.[0] ?? blocked;
}

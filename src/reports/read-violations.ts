import { isRecord } from "../lib/own-path.ts";
import { cleanText } from "./clean.ts";
import { cspDirectives } from "./csp-violation.ts";

const directives: ReadonlySet<string> = new Set(cspDirectives);

/** No line of the log comes near; a file may hold anything. */
const maxLineLength = 1_000_000;

/** One event of the collector. */
export interface Violation {
  readonly directive: string;
  readonly blocked: string;
  readonly page: string;
  readonly count: number;
  /** Who reported it, or how many did where the event tells a count. */
  readonly client: string | number | undefined;
}

/** The violations that a line of the log tells of; none where it is another line, or none of the gateway's. */
export function readViolations(line: string): Violation[] {
  const event = line.length > maxLineLength ? undefined : parseLine(line);
  if (!isRecord(event) || !Array.isArray(event["notes"])) return [];
  return (event["notes"] as unknown[]).flatMap((note): Violation[] => {
    if (!isRecord(note) || note["event"] !== "csp.violated" || !isRecord(note["facts"])) return [];
    const { directive, blocked, page, clients } = note["facts"];
    if (typeof directive !== "string" || !directives.has(directive) || typeof blocked !== "string") return [];
    const { count } = note;
    // A line that tells a count for others tells how many they were; its own client is none of them.
    const client = typeof clients === "string" ? Number(clients) || 0 : event["client"];
    return [
      {
        directive,
        blocked,
        page: typeof page === "string" ? cleanText(page, 120) : "",
        count: typeof count === "number" && Number.isSafeInteger(count) && count > 0 ? count : 1,
        client: typeof client === "string" || typeof client === "number" ? client : undefined,
      },
    ];
  });
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

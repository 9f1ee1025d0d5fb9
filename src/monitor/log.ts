import { destination, type Logger, pino } from "pino";
import type { Note } from "../guards/contract/exchange.ts";
import type { ExchangeEvent } from "./event.ts";

export interface LogOptions {
  readonly level: "debug" | "info" | "warn" | "error";
  /** Whether calls that were allowed get a line, too. */
  readonly allowed: boolean;
  /** File descriptor: 1 for standard output, 2 for standard error. */
  readonly descriptor: 1 | 2;
  /** Takes known secrets out of free text. */
  redact(text: string): string;
}

/** The structured log: one JSON line an event. */
export interface Log {
  readonly logger: Logger;
  record(event: ExchangeEvent): void;
  /** Writes out what is buffered, before the process ends. */
  flush(): void;
}

const bufferBytes = 4096;
const flushIntervalMs = 1000;

/** A log that buffers lines and writes them in blocks, so that a line costs no system call of its own. */
export function createLog(options: LogOptions): Log {
  const stream = destination({ fd: options.descriptor, sync: false, minLength: bufferBytes });
  const logger = pino({ level: options.level, base: null }, stream);
  const timer = setInterval(() => stream.flush(), flushIntervalMs);
  timer.unref();

  return {
    logger,
    record(event) {
      const quiet = event.event === "request.allowed" && event.reports.length === 0 && event.notes.length === 0;
      if (quiet && !options.allowed) return;
      const { event: name, time: started, decision, reports, notes, ...fields } = event;
      const line = {
        event: name,
        started,
        ...fields,
        ...(decision && { decision: { ...decision, reason: options.redact(decision.reason) } }),
        ...(reports.length > 0 && { reports: reports.map((one) => ({ ...one, reason: options.redact(one.reason) })) }),
        ...(notes.length > 0 && { notes: notes.map((note) => redactNote(note, options)) }),
      };
      if (name === "request.failed") logger.error(line);
      else if (name === "request.denied" || !quiet) logger.warn(line);
      else logger.info(line);
    },
    flush() {
      clearInterval(timer);
      stream.flushSync();
    },
  };
}

function redactNote(note: Note, { redact }: LogOptions): Note {
  const reason = redact(note.reason);
  if (!note.facts) return { ...note, reason };
  const facts = Object.fromEntries(Object.entries(note.facts).map(([name, value]) => [name, redact(value)]));
  return { ...note, reason, facts };
}

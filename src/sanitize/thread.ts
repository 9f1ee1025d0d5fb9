import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { HeadgateError } from "../lib/error.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";
import type { Job, WorkerAnswer } from "./job.ts";

/** What a worker may take before it is ended. */
export interface ThreadLimits {
  readonly timeLimitMs: number;
  readonly startLimitMs: number;
  readonly heapLimitMb: number;
}

/** One worker thread; it cleans one text at a time. */
export interface Thread {
  /**
   * The clean text. Not to be called again before it has answered.
   * @throws HeadgateError `content-refused` when the text is refused, takes too long, or ends the worker
   */
  clean(html: string, profile: SanitizeProfile): Promise<string>;
  /** Jobs so far, and the heap after the last one. */
  readonly wear: { readonly jobs: number; readonly heapBytes: number };
  /** Resolves with the reason when the worker is gone, whoever ended it. */
  readonly ended: Promise<string>;
  end(reason: string): void;
}

/** Compiled programs have the worker beside them, compiled; the repository has it as it is written. */
const workerFile = new URL(`worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);

interface Waiting {
  resolve(answer: WorkerAnswer): void;
  reject(error: Error): void;
}

/**
 * Starts a worker and waits until it has shown that it cleans. It gets no environment of the process, and no more heap than
 * its limit: a text that wants more ends the worker, not the gateway.
 * @throws Error when it does not start, or says that it is unfit
 */
export async function startThread(limits: ThreadLimits): Promise<Thread> {
  const worker = new Worker(workerFile, {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.heapLimitMb, maxYoungGenerationSizeMb: 32 },
  });
  worker.unref();
  let waiting: Waiting | undefined;
  let crash = "it ended by itself";
  const numbers = new Map<SanitizeProfile, number>();
  const wear = { jobs: 0, heapBytes: 0 };

  worker.on("message", (answer: WorkerAnswer) => waiting?.resolve(answer));
  worker.on("error", (error: NodeJS.ErrnoException) => (crash = error.code ?? error.message));
  const ended = new Promise<string>((resolve) => {
    worker.once("exit", () => {
      waiting?.reject(new HeadgateError("content-refused", `the sanitiser's worker ended: ${crash}`));
      resolve(crash);
    });
  });

  function end(reason: string): void {
    crash = reason;
    void worker.terminate();
  }

  /** The worker's next message, within a time; a worker that is late is ended, since nothing else stops it. */
  async function next(limitMs: number, late: string): Promise<WorkerAnswer> {
    const timer = setTimeout(() => {
      // If this thread itself was late, the answer may lie here already: it is looked at first.
      setImmediate(() => waiting && end(late));
    }, limitMs);
    try {
      return await new Promise<WorkerAnswer>((resolve, reject) => (waiting = { resolve, reject }));
    } finally {
      waiting = undefined;
      clearTimeout(timer);
    }
  }

  const first = await next(limits.startLimitMs, `it did not start within ${limits.startLimitMs} ms`);
  if (first.kind !== "started") {
    end("unfit");
    throw new Error(first.kind === "unfit" ? first.reason : "the worker spoke out of turn");
  }
  return {
    wear,
    ended,
    end,
    async clean(html, profile) {
      const known = numbers.get(profile);
      const number = known ?? numbers.size;
      numbers.set(profile, number);
      const job: Job = { html, profile: number, lists: known === undefined ? profile : undefined };
      worker.postMessage(job);
      const answer = await next(limits.timeLimitMs, `it took longer than ${limits.timeLimitMs} ms`);
      wear.jobs += 1;
      if (answer.kind === "cleaned") {
        wear.heapBytes = answer.heapBytes;
        return answer.html;
      }
      const reason = answer.kind === "refused" ? answer.reason : "the worker spoke out of turn";
      throw new HeadgateError("content-refused", `the HTML cannot be cleaned: ${reason}`);
    },
  };
}

import { HeadgateError } from "../lib/error.ts";
import type { SanitizeProfile } from "../lib/sanitize-profile.ts";
import { startThread, type Thread, type ThreadLimits } from "./thread.ts";

/** How many workers there are, how long each is kept, and how many texts may wait for one. */
export interface PoolOptions extends ThreadLimits {
  readonly size: number;
  readonly maxJobsPerWorker: number;
  readonly maxHeapBytes: number;
  readonly maxWaiting: number;
  /** UTF-16 units of all waiting texts together. */
  readonly maxWaitingSize: number;
  readonly waitLimitMs: number;
  /** Is told when a worker was lost, or did not start. */
  report(loss: WorkerLoss): void;
}

export interface WorkerLoss {
  readonly event: "worker.lost" | "worker.refused";
  readonly reason: string;
}

/** Workers that clean. */
export interface Pool {
  /**
   * Starts the workers unless they were started; resolves when one can work.
   * @throws HeadgateError `sanitizer-unavailable` when the next one to start does not
   */
  start(): Promise<void>;
  /** @throws HeadgateError `content-refused`, `sanitizer-unavailable` */
  clean(html: string, profile: SanitizeProfile): Promise<string>;
  close(): Promise<void>;
}

interface WaitingJob {
  readonly html: string;
  readonly profile: SanitizeProfile;
  readonly timer: NodeJS.Timeout;
  resolve(clean: string | Promise<string>): void;
  reject(error: Error): void;
}

const wornOut = "it was worn out";
const closed = "the pool was closed";
const backoffMs = [0, 250, 1000, 5000] as const;

/** A pool that keeps its size: a worker that was ended or crashed is replaced, with pauses if none starts. */
export function createPool(options: PoolOptions): Pool {
  const idle: Thread[] = [];
  const all = new Set<Thread>();
  const queue: WaitingJob[] = [];
  let waitingSize = 0;
  const closing = new AbortController();
  let slots: Promise<void>[] | undefined;
  let attempt = beginAttempt();
  const pauses = new Set<() => void>();

  /** Keeps one place of the pool filled for as long as there is a pool. */
  async function fill(): Promise<void> {
    let failures = 0;
    do {
      let thread: Thread;
      try {
        thread = await startThread(options);
      } catch (error) {
        const reason = (error as Error).message;
        options.report({ event: "worker.refused", reason });
        conclude((current) =>
          current.reject(new HeadgateError("sanitizer-unavailable", `the sanitiser does not start: ${reason}`)),
        );
        failures += 1;
        await pause(backoffMs[Math.min(failures, backoffMs.length - 1)] ?? 0);
        continue;
      }
      failures = 0;
      all.add(thread);
      if (closing.signal.aborted) thread.end(closed);
      else makeIdle(thread);
      conclude((current) => current.resolve());
      const reason = await thread.ended;
      all.delete(thread);
      const at = idle.indexOf(thread);
      if (at >= 0) idle.splice(at, 1);
      if (!closing.signal.aborted && reason !== wornOut) options.report({ event: "worker.lost", reason });
    } while (!closing.signal.aborted);
  }

  /** Whoever waits for a worker hears of this one; later ones wait for the next. */
  function conclude(tell: (current: PromiseWithResolvers<void>) => void): void {
    const current = attempt;
    attempt = beginAttempt();
    tell(current);
  }

  function makeIdle(thread: Thread): void {
    idle.push(thread);
    dispatch();
  }

  function dispatch(): void {
    while (idle.length > 0 && queue.length > 0) {
      // The one that has been idle for the shortest time: the others may sleep.
      const thread = idle.pop();
      const job = takeShortest(queue);
      if (!thread || !job) return;
      waitingSize -= job.html.length;
      clearTimeout(job.timer);
      void run(thread, job);
    }
  }

  async function run(thread: Thread, job: WaitingJob): Promise<void> {
    const cleaning = thread.clean(job.html, job.profile);
    job.resolve(cleaning);
    await cleaning.catch(() => undefined);
    if (!all.has(thread) || closing.signal.aborted) return;
    const { jobs, heapBytes } = thread.wear;
    // Documents leave something behind in a window; workers end at different counts, so that never all are away at once.
    const share = 1 - [...all].indexOf(thread) / (2 * options.size);
    if (jobs >= options.maxJobsPerWorker * share || heapBytes > options.maxHeapBytes) thread.end(wornOut);
    else makeIdle(thread);
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        pauses.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, ms).unref();
      pauses.add(wake);
    });
  }

  return {
    start() {
      slots ??= Array.from({ length: options.size }, fill);
      return all.size > 0 ? Promise.resolve() : attempt.promise;
    },
    clean(html, profile) {
      if (closing.signal.aborted || !slots) return unavailable("no sanitiser is running");
      if (queue.length >= options.maxWaiting || waitingSize + html.length > options.maxWaitingSize)
        return unavailable("too many texts wait for the sanitiser");
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          queue.splice(queue.indexOf(job), 1);
          waitingSize -= html.length;
          reject(new HeadgateError("sanitizer-unavailable", "the text waited too long for the sanitiser"));
        }, options.waitLimitMs).unref();
        const job: WaitingJob = { html, profile, timer, resolve, reject };
        queue.push(job);
        waitingSize += html.length;
        dispatch();
      });
    },
    async close() {
      closing.abort();
      for (const wake of pauses) wake();
      for (const { timer, reject } of queue.splice(0)) {
        clearTimeout(timer);
        reject(new HeadgateError("sanitizer-unavailable", closed));
      }
      for (const thread of all) thread.end(closed);
      await Promise.all(slots ?? []);
    },
  };
}

/** Articles go before what somebody sent to keep the workers busy: the longer a text, the longer it takes, and more than so. */
function takeShortest(queue: WaitingJob[]): WaitingJob | undefined {
  let shortest = 0;
  for (const [at, { html }] of queue.entries()) if (html.length < (queue[shortest]?.html.length ?? 0)) shortest = at;
  return queue.splice(shortest, 1)[0];
}

/** A promise that nobody has to wait for. */
function beginAttempt(): PromiseWithResolvers<void> {
  const attempt = Promise.withResolvers<void>();
  attempt.promise.catch(() => undefined);
  return attempt;
}

function unavailable(reason: string): Promise<never> {
  return Promise.reject(new HeadgateError("sanitizer-unavailable", reason));
}

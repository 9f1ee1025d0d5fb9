import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, type Answer, type Question } from "./ask.ts";

/** A program that answers. */
export interface Running {
  readonly pid: number;
  /** Milliseconds from start to the first good answer. */
  readonly startMillis: number;
  /** Sends SIGTERM, and SIGKILL after three seconds; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** What to start. */
export interface Program {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const STARTUP_MILLIS = 15_000;

// Whatever ends the run, nothing that it started may stay. SIGTERM, not SIGKILL: nginx must get to stop its workers. An
// exit hook cannot await, hence the blocking pause: while nginx still adds and removes files, its folder cannot be removed.
const alive = new Set<ChildProcess>();
process.once("exit", () => {
  alive.forEach((child) => child.kill("SIGTERM"));
  if (alive.size > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
});

/** Ends a child process with the run, if it has not ended before. */
export function endWithRun(child: ChildProcess): void {
  alive.add(child);
  child.once("exit", () => alive.delete(child));
}

/** Starts a program and resolves once it answers the question with 200; rejects with its own error output if not. */
export async function start(program: Program, question: Question): Promise<Running> {
  const began = performance.now();
  const child = spawn(program.command, program.args, {
    // Nothing of the caller's environment: NODE_OPTIONS or a debug flag would change what is measured.
    env: { PATH: process.env["PATH"], NODE_ENV: "production", ...program.env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaints = "";
  let failure: string | undefined;
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints = (complaints + text).slice(-4000)));
  child.once("error", (error) => (failure = error.message));
  child.once("exit", (code, signal) => (failure = `ended with ${signal ?? code}`));
  endWithRun(child);

  let last: Answer | undefined;
  while (performance.now() - began < STARTUP_MILLIS && failure === undefined) {
    last = await ask(question).catch(() => undefined);
    if (last?.status === 200 && child.pid !== undefined) {
      return { pid: child.pid, startMillis: performance.now() - began, stop: () => stop(child) };
    }
    await sleep(10);
  }
  failure ??= `no 200 within ${STARTUP_MILLIS / 1000} s (last answer: ${last?.status ?? "none"})`;
  const reason = failure;
  await stop(child);
  throw new Error(`${program.name} did not start: ${reason}\n${complaints}`.trimEnd());
}

async function stop(child: ChildProcess): Promise<void> {
  if (!alive.has(child) || child.pid === undefined) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const impatience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(impatience);
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("The system gave no TCP port.");
  return address.port;
}

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import { ALLOWED_ORIGIN, REQUEST_PATH, SITE_HOST } from "./common-policy.ts";
import { findProgram } from "./find-program.ts";
import { endWithRun } from "./processes.ts";

/** Connections of every load; small enough for two cores, large enough to keep any contestant busy. */
export const CONNECTIONS = 64;

/** What to send. */
export interface Load {
  readonly port: number;
  readonly seconds: number;
  /** File with one token per line, used in turn. */
  readonly tokensPath: string;
}

const LoadResult = z.strictObject({
  requests: z.number(),
  durationMicros: z.number(),
  p50Micros: z.number(),
  p99Micros: z.number(),
  /** Responses with a status of 400 and above. */
  refused: z.number(),
  /** Requests that ended without a response. */
  broken: z.number(),
});

/** Counts and latencies of one load, in microseconds. */
export type LoadResult = z.infer<typeof LoadResult>;

const wrk = findProgram("wrk");

/** Name of the generator that saturating loads use on this machine. */
export const generatorName = wrk ? "wrk" : "own generator (undici); apt-get install wrk for less noise";

/** Sends as much as the connections can carry, from another process. */
export async function saturate(load: Load): Promise<LoadResult> {
  return insistOnAnswers(wrk ? await sendByWrk(wrk, load) : await sendByGenerator(load, 0, 0));
}

/**
 * Sends a fixed number of requests per second, or as much as possible for `Infinity`, always from the own generator.
 *
 * Three seconds of the same go before and are not counted: until its code is compiled, the generator is the latency.
 */
export async function sendOnSchedule(load: Load, perSecond: number): Promise<LoadResult> {
  return insistOnAnswers(await sendByGenerator(load, Number.isFinite(perSecond) ? perSecond : 0, 3));
}

function insistOnAnswers(result: LoadResult): LoadResult {
  if (result.refused + result.broken === 0 && result.requests > 0) return result;
  throw new Error(`A load must be answered completely, but the generator saw ${JSON.stringify(result)}.`);
}

async function sendByWrk(wrk: string, load: Load): Promise<LoadResult> {
  const script = fileURLToPath(new URL("wrk.lua", import.meta.url));
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${load.seconds}s`, "-s", script, `http://127.0.0.1:${load.port}`];
  const env = {
    BENCH_TOKENS: load.tokensPath,
    BENCH_HOST: SITE_HOST,
    BENCH_ORIGIN: ALLOWED_ORIGIN,
    BENCH_PATH: REQUEST_PATH,
  };
  return runGenerator(wrk, args, env);
}

// A rate of 0 means without pause.
async function sendByGenerator(load: Load, perSecond: number, warmUpSeconds: number): Promise<LoadResult> {
  const env = {
    BENCH_PORT: String(load.port),
    BENCH_TOKENS: load.tokensPath,
    BENCH_SECONDS: String(load.seconds),
    BENCH_CONNECTIONS: String(CONNECTIONS),
    BENCH_PER_SECOND: String(perSecond),
    BENCH_WARM_UP_SECONDS: String(warmUpSeconds),
  };
  const program = fileURLToPath(new URL("generator.ts", import.meta.url));
  return runGenerator(process.execPath, [program], env);
}

async function runGenerator(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<LoadResult> {
  const running = promisify(execFile)(program, args, { env });
  endWithRun(running.child);
  const { stdout } = await running;
  // wrk prints its own summary first; the line in our shape is the last.
  return LoadResult.parse(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
}

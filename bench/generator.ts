/**
 * The load generator for machines without wrk, and for loads at a fixed rate, which wrk cannot send.
 *
 * Runs as its own process. Prints one line of JSON in the shape that `load.ts` reads.
 */
import { readFileSync } from "node:fs";
import { Pool } from "undici";
import { REQUEST_PATH, requestHeaders } from "./common-policy.ts";

const setting = (name: string) => Number(process.env[name]);
const connections = setting("BENCH_CONNECTIONS");
const perSecond = setting("BENCH_PER_SECOND");
const durationMillis = setting("BENCH_SECONDS") * 1000;
const warmUpMillis = setting("BENCH_WARM_UP_SECONDS") * 1000;

const tokens = readFileSync(process.env["BENCH_TOKENS"] ?? "", "utf8")
  .trim()
  .split("\n");
const headersInTurn = tokens.map(requestHeaders);
const pool = new Pool(`http://127.0.0.1:${setting("BENCH_PORT")}`, { connections, pipelining: 1, allowH2: false });

const latencies: number[] = [];
let sent = 0;
let refused = 0;
let broken = 0;

// Before anything counts, the code is compiled and the connections are open: else the generator would be the latency.
await sendFor(warmUpMillis);
latencies.length = 0;
const durationMicros = (await sendFor(durationMillis)) * 1000;
await pool.close();

latencies.sort((left, right) => left - right);
const percentile = (share: number) => Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 1000);
const result = {
  requests: latencies.length,
  durationMicros: Math.round(durationMicros),
  p50Micros: percentile(0.5),
  p99Micros: percentile(0.99),
  refused,
  broken,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** Sends as declared, waits for every answer, and says how many milliseconds that took. */
async function sendFor(millis: number): Promise<number> {
  const began = performance.now();
  if (perSecond > 0) await sendAtRate(began, began + millis);
  else await sendWithoutPause(began + millis);
  return performance.now() - began;
}

async function sendWithoutPause(until: number): Promise<void> {
  const sendInTurn = async () => {
    while (performance.now() < until) await sendOne(performance.now());
  };
  await Promise.all(Array.from({ length: connections }, sendInTurn));
}

/**
 * Sends at the declared rate whether or not answers come back. Latency counts from the moment a request was due, so
 * that a stall shows in every request it delayed and not only in the one that met it.
 */
async function sendAtRate(began: number, ends: number): Promise<void> {
  const pending = new Set<Promise<void>>();
  const { promise, resolve } = Promise.withResolvers<void>();
  let due = began;
  const timer = setInterval(() => {
    const now = Math.min(performance.now(), ends);
    for (; due <= now; due += 1000 / perSecond) {
      const call = sendOne(due).finally(() => pending.delete(call));
      pending.add(call);
    }
    if (now < ends) return;
    clearInterval(timer);
    resolve();
  }, 1);
  await promise;
  await Promise.all(pending);
}

async function sendOne(due: number): Promise<void> {
  const headers = headersInTurn[sent % headersInTurn.length];
  sent += 1;
  try {
    const { statusCode, body } = await pool.request({ path: REQUEST_PATH, method: "GET", ...(headers && { headers }) });
    await body.dump();
    if (statusCode >= 400) refused += 1;
    latencies.push(performance.now() - due);
  } catch {
    broken += 1;
  }
}

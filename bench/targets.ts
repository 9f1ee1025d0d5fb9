import { costRatio, findMeasured, type PacedLatency, type Results } from "./results.ts";

/** A promise about cost, and whether a run kept it. */
export interface Judgement {
  readonly claim: string;
  readonly limit: string;
  /** What the run measured; missing where it could not. */
  readonly figure?: string;
  readonly verdict: "met" | "missed" | "not measured";
  /** Why nothing was measured. */
  readonly reason?: string;
}

// What Headgate may cost relative to each peer, as CPU time per request.
const COST_LIMITS: Readonly<Record<string, number>> = {
  express: 0.13,
  fastify: 0.15,
  "fastify-token-cache": 0.25,
  hono: 0.12,
  "haproxy-es256": 0.6,
  "bare-proxy": 1.35,
};

const MEMORY_LIMIT_MEGABYTES = 150;
const MEMORY_CROWD = 10_000;
const ADDED_P99_LIMIT_MICROS = 2000;
const START_LIMIT_MILLIS = 1000;

// Promises that this benchmark does not cover. They are listed so that nobody takes silence for success.
const NOT_COVERED: readonly Judgement[] = [
  notMeasured("cost against nginx with ModSecurity and CRS", "0.10 x", "needs a policy with the injection shield on"),
  notMeasured("cost of a cached response against a bare response", "1.6 x", "needs a policy with the edge cache on"),
  notMeasured("cost on Bun, against Hono, HAProxy and a bare proxy", "0.30 x, 1.0 x, 1.35 x", "Bun is not run"),
  notMeasured("memory over a soak", "flat", "needs hours, not minutes"),
];

/** Judges a run by what Headgate promises to cost. */
export function judge(results: Results): Judgement[] {
  const headgate = findMeasured(results, "headgate");
  const absent = results.rows.find((row) => row.name === "headgate" && "unavailable" in row);
  const noHeadgate =
    absent && "unavailable" in absent ? `Headgate: ${absent.unavailable}` : "Headgate was not selected";

  const costs = Object.entries(COST_LIMITS).map(([name, limit]) => {
    const claim = `cost against ${name}`;
    const atMost = `${limit.toFixed(2)} x`;
    const peer = findMeasured(results, name);
    if (!headgate) return notMeasured(claim, atMost, noHeadgate);
    if (!peer) return notMeasured(claim, atMost, `${name} was not run`);
    const ratio = costRatio(headgate, peer);
    return compare(claim, atMost, `${ratio.toFixed(3)} x`, ratio <= limit);
  });

  return [
    ...costs,
    judgeMemory(results, noHeadgate),
    judgeLatency(results),
    judgeStart(results, noHeadgate),
    ...NOT_COVERED,
  ];
}

function judgeMemory(results: Results, noHeadgate: string): Judgement {
  const claim = `resident memory with ${MEMORY_CROWD.toLocaleString("en")} clients and tokens seen`;
  const limit = `${MEMORY_LIMIT_MEGABYTES} MB`;
  const bytes = findMeasured(results, "headgate")?.crowdResidentBytes;
  if (bytes === undefined) return notMeasured(claim, limit, noHeadgate);
  if (results.extent.crowd < MEMORY_CROWD) return notMeasured(claim, limit, "this run sent fewer clients");
  return compare(claim, limit, `${Math.round(bytes / 1e6)} MB`, bytes / 1e6 <= MEMORY_LIMIT_MEGABYTES);
}

function judgeLatency({ halfLoad }: Results): Judgement {
  const claim = "latency added at half load, p99";
  const limit = `${(ADDED_P99_LIMIT_MICROS / 1000).toFixed(1)} ms`;
  const through = halfLoad?.through.find(({ name }) => name === "headgate");
  if (!halfLoad || !through) return notMeasured(claim, limit, "Headgate was not run at half load");
  const addedBy = ({ p99Micros }: PacedLatency) => p99Micros - halfLoad.direct.p99Micros;
  const millis = (micros: number) => `${(micros / 1000).toFixed(2)} ms`;
  // A busy machine adds to every tail. What a bare proxy adds in the same minute says how much of it is the machine's.
  const bare = halfLoad.through.find(({ name }) => name === "bare-proxy");
  const control = bare ? ` (bare proxy: ${millis(addedBy(bare))})` : "";
  return compare(claim, limit, millis(addedBy(through)) + control, addedBy(through) <= ADDED_P99_LIMIT_MICROS);
}

function judgeStart(results: Results, noHeadgate: string): Judgement {
  const claim = "start to first response";
  const limit = `${START_LIMIT_MILLIS / 1000} s`;
  const millis = findMeasured(results, "headgate")?.startMillis;
  if (millis === undefined) return notMeasured(claim, limit, noHeadgate);
  return compare(claim, limit, `${(millis / 1000).toFixed(2)} s`, millis <= START_LIMIT_MILLIS);
}

function compare(claim: string, limit: string, figure: string, met: boolean): Judgement {
  return { claim, limit, figure, verdict: met ? "met" : "missed" };
}

function notMeasured(claim: string, limit: string, reason: string): Judgement {
  return { claim, limit, verdict: "not measured", reason };
}

import type { Contestant } from "./contestant.ts";
import { saturate, sendOnSchedule, type LoadResult } from "./load.ts";
import { readUsage } from "./measure.ts";
import { median, type Extent, type HalfLoad, type PacedLatency, type Round } from "./results.ts";
import type { Standing, Surroundings } from "./surroundings.ts";

/** A contestant that listens and has passed its checks. */
export interface Ready {
  readonly contestant: Contestant;
  readonly standing: Standing;
}

/**
 * Times all contestants in turn, round by round (A B C, A B C), after a warm-up.
 *
 * Interleaving is what makes the comparison fair on a shared machine: a slow minute meets everybody.
 */
export async function timeRounds(
  field: readonly Ready[],
  surroundings: Surroundings,
  extent: Extent,
  report: (line: string) => void,
): Promise<Map<string, Round[]>> {
  const rounds = new Map<string, Round[]>();
  for (const one of field) {
    report(`warm-up: ${one.contestant.name}`);
    await timeOnce(one, surroundings, extent.warmUpSeconds);
  }
  for (let turn = 1; turn <= extent.rounds; turn += 1) {
    for (const one of field) {
      const { name } = one.contestant;
      const round = await timeOnce(one, surroundings, extent.secondsPerRound);
      report(`round ${turn} of ${extent.rounds}: ${name} ${round.cpuMicros.toFixed(1)} us/request`);
      rounds.set(name, [...(rounds.get(name) ?? []), round]);
    }
  }
  return rounds;
}

async function timeOnce(one: Ready, surroundings: Surroundings, seconds: number): Promise<Round> {
  const { pid, port } = one.standing;
  const tokensPath = surroundings.tokensPaths[one.contestant.algorithm];
  const before = readUsage(pid);
  const load = await saturate({ port, seconds, tokensPath });
  const after = readUsage(pid);
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / load.requests,
    requests: load.requests,
    perSecond: load.requests / (load.durationMicros / 1_000_000),
    p50Micros: load.p50Micros,
    p99Micros: load.p99Micros,
    residentBytes: after.residentBytes,
  };
}

/**
 * Measures latency at half load: the upstream alone, and through each of the given contestants.
 *
 * Half of what this generator can push through the first of them, since generator, upstream and contestant share the
 * cores: half of what a leaner generator reaches could be more than the machine can do.
 */
export async function timeHalfLoad(
  field: readonly [Ready, ...Ready[]],
  surroundings: Surroundings,
  extent: Extent,
): Promise<HalfLoad> {
  const loadOf = (port: number) => ({
    port,
    seconds: extent.secondsPerRound,
    tokensPath: surroundings.tokensPaths.ES256,
  });
  const full = await sendOnSchedule(loadOf(field[0].standing.port), Infinity);
  const perSecond = Math.round(full.requests / (full.durationMicros / 1_000_000) / 2);

  const doors = new Map([["direct", surroundings.upstreamPort]]);
  for (const { contestant, standing } of field) doors.set(contestant.name, standing.port);
  const samples = new Map<string, LoadResult[]>();
  for (let turn = 1; turn <= extent.rounds; turn += 1) {
    for (const [name, port] of doors) {
      const sample = await sendOnSchedule(loadOf(port), perSecond);
      samples.set(name, [...(samples.get(name) ?? []), sample]);
    }
  }

  const summary = (name: string): PacedLatency => {
    const of = (field: "p50Micros" | "p99Micros") => median((samples.get(name) ?? []).map((sample) => sample[field]));
    return { name, p50Micros: of("p50Micros"), p99Micros: of("p99Micros") };
  };
  return { perSecond, direct: summary("direct"), through: field.map(({ contestant }) => summary(contestant.name)) };
}

/** One timed round of one contestant. */
export interface Round {
  /** CPU time of the contestant's processes per request, in microseconds: the figure to compare. */
  readonly cpuMicros: number;
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Resident memory at the end of the round. */
  readonly residentBytes: number;
}

/** What was measured of one contestant. */
export interface MeasuredRow {
  readonly name: string;
  readonly title: string;
  readonly rounds: readonly Round[];
  /** Medians over the rounds. */
  readonly median: Round;
  /** From start to the first answer. */
  readonly startMillis: number;
  /** Resident memory after all rounds and the crowd; missing where no crowd was sent. */
  readonly crowdResidentBytes?: number;
}

/** A contestant that could not be started on this machine, and why. */
export interface AbsentRow {
  readonly name: string;
  readonly title: string;
  readonly unavailable: string;
}

/** Latency at a fixed rate, in microseconds. */
export interface PacedLatency {
  readonly name: string;
  readonly p50Micros: number;
  readonly p99Micros: number;
}

/** Latencies at half of what Headgate can carry. */
export interface HalfLoad {
  readonly perSecond: number;
  /** The upstream without anything in front of it. */
  readonly direct: PacedLatency;
  readonly through: readonly PacedLatency[];
}

/** How long and how often was measured. */
export interface Extent {
  readonly rounds: number;
  readonly secondsPerRound: number;
  readonly warmUpSeconds: number;
  /** Distinct clients of the memory figure. */
  readonly crowd: number;
}

/** What one piece of work costs, in microseconds of CPU. */
export interface UnitRow {
  readonly name: string;
  readonly title: string;
  readonly limitMicros: number;
  /** Median over the rounds. */
  readonly cpuMicros: number;
  readonly least: number;
  readonly most: number;
}

/** Everything that one run found out. */
export interface Results {
  readonly date: string;
  readonly machine: {
    readonly cpu: string;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly kernel: string;
    readonly node: string;
  };
  readonly versions: Readonly<Record<string, string>>;
  readonly generator: string;
  readonly connections: number;
  readonly extent: Extent;
  readonly rows: readonly (MeasuredRow | AbsentRow)[];
  readonly halfLoad?: HalfLoad;
  readonly units: readonly UnitRow[];
}

/** The measured row of a name, if there is one. */
export function findMeasured(results: Results, name: string): MeasuredRow | undefined {
  return results.rows.filter(isMeasured).find((row) => row.name === name);
}

/** Tells measured rows from absent ones. */
export function isMeasured(row: MeasuredRow | AbsentRow): row is MeasuredRow {
  return "rounds" in row;
}

/**
 * What the subject costs relative to a peer: the median of the ratios of each round.
 *
 * Both were measured within the same minute in every round, so that a machine that slows down slows down both.
 */
export function costRatio(subject: MeasuredRow, peer: MeasuredRow): number {
  return median(subject.rounds.map((round, index) => round.cpuMicros / (peer.rounds[index]?.cpuMicros ?? Number.NaN)));
}

/** Field-wise medians over the rounds. */
export function medianRound(rounds: readonly Round[]): Round {
  const of = (field: keyof Round) => median(rounds.map((round) => round[field]));
  return {
    cpuMicros: of("cpuMicros"),
    requests: of("requests"),
    perSecond: of("perSecond"),
    p50Micros: of("p50Micros"),
    p99Micros: of("p99Micros"),
    residentBytes: of("residentBytes"),
  };
}

/** The middle value; between two middle values, their mean. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("There is no median of nothing.");
  return (low + high) / 2;
}

import { costRatio, findMeasured, isMeasured, type MeasuredRow, type Results } from "./results.ts";
import { judge, type Judgement } from "./targets.ts";

type Table = readonly (readonly string[])[];

/** The run as text for a terminal. */
export function renderTerminal(results: Results): string {
  const sections = [
    ...(results.rows.length > 0 ? [alignColumns(costTable(results))] : []),
    ...(results.halfLoad ? [`${halfLoadTitle(results)}\n${alignColumns(halfLoadTable(results))}`] : []),
    ...(results.units.length > 0 ? [alignColumns(unitTable(results))] : []),
    ...(results.rows.length > 0 ? [alignColumns(judgementTable(judge(results)))] : []),
  ];
  return `\n${sections.join("\n\n")}\n`;
}

/** The run as the page `docs/benchmarks.md`. */
export function renderMarkdown(results: Results): string {
  const { date, machine, extent, connections, generator, versions } = results;
  const pins = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Benchmarks

Written by \`npm run bench -- --write\`; do not edit by hand.

Measured on ${date.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}. Median of ${extent.rounds} interleaved
rounds of ${extent.secondsPerRound} s after a warm-up of ${extent.warmUpSeconds} s; ${connections} connections on loopback; load from ${generator}.

Every row with a policy does the same work, checked before it is timed: bearer JWT (algorithm pinned; signature, issuer,
audience, expiry), a limit per subject that is really counted, CORS for one origin with preflights, security headers on
every answer, then one JSON response of about 350 bytes proxied over keep-alive. Fifty tokens take turns.

- **CPU us/request** is user plus system time of the contestant's processes over the requests they answered. It is the
  figure to compare: it depends least on what else the machine does.
- **Headgate costs** is the median of the ratios of each round.
- **requests/s, p50, p99** are those of a saturated contestant on a machine that also runs the load and the upstream:
  read them as an order of magnitude.
- **RSS** is resident memory after the rounds, and again after ${crowdSize(results)} further clients, each with an address and a
  token of its own.

${markdownTable(costTable(results))}
${results.halfLoad ? `\n## ${halfLoadTitle(results)}\n\n${markdownTable(halfLoadTable(results))}\n` : ""}${results.units.length > 0 ? `\n## What single guards cost\n\nCPU microseconds of one piece of work without the exchange around it; median of nine rounds that take turns.\n\n${markdownTable(unitTable(results))}\n` : ""}
## What Headgate promises

${markdownTable(judgementTable(judge(results)))}

## How to reproduce

\`\`\`sh
sudo apt-get install wrk haproxy nginx-core libnginx-mod-http-modsecurity modsecurity-crs   # optional rows
npm run bench                                   # about six minutes
npm run bench -- --quick                        # a first look
npm run bench -- --only headgate,express        # some rows
npm run bench -- --units                        # what single guards cost
\`\`\`

Each contestant is one file in \`bench/stacks/\` or \`bench/peers/\`. What is not installed is listed as such. If you
know how to make one of them faster at the same work, please send the change: a stack that is held back proves nothing.

Versions: ${pins.join(", ")}.
`;
}

function costTable(results: Results): Table {
  const headgate = findMeasured(results, "headgate");
  const crowd = `RSS, ${crowdSize(results)} clients`;
  const head = [
    "",
    "CPU us/request",
    "min to max",
    "Headgate costs",
    "requests/s",
    "p50",
    "p99",
    "RSS",
    crowd,
    "start",
  ];
  const body = results.rows.map((row) => {
    if (!isMeasured(row)) return [row.title, row.unavailable, ...head.slice(2).map(() => "")];
    const { median, crowdResidentBytes } = row;
    return [
      row.title,
      median.cpuMicros.toFixed(1),
      spread(row),
      headgate && headgate !== row ? `${costRatio(headgate, row).toFixed(2)} x` : "",
      Math.round(median.perSecond).toLocaleString("en"),
      millis(median.p50Micros),
      millis(median.p99Micros),
      megabytes(median.residentBytes),
      crowdResidentBytes === undefined ? "" : megabytes(crowdResidentBytes),
      `${Math.round(row.startMillis)} ms`,
    ];
  });
  return [head, ...body];
}

function halfLoadTitle({ halfLoad }: Results): string {
  return `Latency at half load (${halfLoad?.perSecond.toLocaleString("en")} requests/s, sent on schedule)`;
}

function halfLoadTable({ halfLoad }: Results): Table {
  if (!halfLoad) return [];
  const { direct, through } = halfLoad;
  const rows = through.map(({ name, p50Micros, p99Micros }) => [
    name,
    millis(p50Micros),
    millis(p99Micros),
    millis(p50Micros - direct.p50Micros),
    millis(p99Micros - direct.p99Micros),
  ]);
  return [
    ["", "p50", "p99", "added p50", "added p99"],
    ["upstream alone", millis(direct.p50Micros), millis(direct.p99Micros), "", ""],
    ...rows,
  ];
}

function unitTable({ units }: Results): Table {
  const rows = units.map(({ title, cpuMicros, least, most, limitMicros }) => [
    title,
    micros(cpuMicros),
    `${micros(least)} to ${micros(most)}`,
    `<= ${limitMicros}`,
    cpuMicros <= limitMicros ? "met" : "missed",
  ]);
  return [["", "CPU us", "min to max", "limit", "verdict"], ...rows];
}

function micros(figure: number): string {
  return figure.toFixed(figure < 10 ? 2 : 1);
}

function judgementTable(judgements: readonly Judgement[]): Table {
  const rows = judgements.map(({ claim, limit, figure, verdict, reason }) => [
    claim,
    limit === "flat" ? limit : `<= ${limit}`,
    figure ?? "",
    reason === undefined ? verdict : `${verdict}: ${reason}`,
  ]);
  return [["target", "limit", "measured", "verdict"], ...rows];
}

function crowdSize({ extent }: Results): string {
  return extent.crowd.toLocaleString("en");
}

function spread({ rounds }: MeasuredRow): string {
  const costs = rounds.map(({ cpuMicros }) => cpuMicros);
  return `${Math.min(...costs).toFixed(0)} to ${Math.max(...costs).toFixed(0)}`;
}

function markdownTable([head = [], ...body]: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((title, column) => (isText(title, column) ? "---" : "--:"));
  return [head, rule, ...body].map(line).join("\n");
}

function alignColumns(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => {
    // A reason in place of figures must not stretch its column.
    const cells = table.map((row) => (row.at(-1) === "" && column === 1 ? "" : (row[column] ?? "")));
    return Math.max(...cells.map((cell) => cell.length));
  });
  const pad = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return isText(table[0]?.[column], column) ? cell.padEnd(width) : cell.padStart(width);
  };
  return table.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

const isText = (title: string | undefined, column: number) => column === 0 || title === "verdict";
const millis = (micros: number) => `${(micros / 1000).toFixed(2)} ms`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

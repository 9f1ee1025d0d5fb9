/** What Headgate costs, side by side with what a user would pick instead. Run it with `npm run bench`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { check, CHECKING_LIMIT } from "./checks.ts";
import { TIMING_LIMIT } from "./common-policy.ts";
import type { Contestant } from "./contestant.ts";
import { sendCrowd } from "./crowd.ts";
import { CONNECTIONS, generatorName } from "./load.ts";
import { describeMachine, readVersions } from "./machine.ts";
import { readUsage } from "./measure.ts";
import { readOptions, type Options } from "./options.ts";
import { renderMarkdown, renderTerminal } from "./report.ts";
import { medianRound, type AbsentRow, type MeasuredRow, type Results } from "./results.ts";
import { createSurroundings, type Surroundings } from "./surroundings.ts";
import { timeHalfLoad, timeRounds, type Ready } from "./timing.ts";
import { measureUnits } from "./unit-costs.ts";

const progress = (line: string) => process.stderr.write(`${line}\n`);

// An interrupted run still runs its exit hooks, which stop what it started.
process.once("SIGINT", () => process.exit(130));
process.once("SIGTERM", () => process.exit(143));

const options = readOptions();
const results = await measureAll(options);
process.stdout.write(renderTerminal(results));
save(results, options.write);

async function measureAll({ chosen, extent, units }: Options): Promise<Results> {
  await using surroundings = await createSurroundings();
  await checkAll(chosen, surroundings);

  const ready: Ready[] = [];
  const absent: AbsentRow[] = [];
  for (const contestant of chosen) {
    const standing = await surroundings.launch(contestant, TIMING_LIMIT);
    if ("unavailable" in standing) absent.push({ name: contestant.name, title: contestant.title, ...standing });
    else ready.push({ contestant, standing });
  }

  const rounds = await timeRounds(ready, surroundings, extent, progress);
  const medians = new Map([...rounds].map(([name, list]) => [name, medianRound(list)]));
  const [first, ...others] = ready.filter(({ contestant }) => ["headgate", "bare-proxy"].includes(contestant.name));
  progress("latency at half load");
  const halfLoad = first && (await timeHalfLoad([first, ...others], surroundings, extent));

  progress(`memory with ${extent.crowd.toLocaleString("en")} clients`);
  const crowdTokens = await surroundings.issuer.tokens("ES256", extent.crowd);
  const measured: MeasuredRow[] = [];
  for (const { contestant, standing } of ready) {
    const { name, title, algorithm } = contestant;
    const median = medians.get(name);
    if (!median) throw new Error(`${name} was not timed.`);
    const row = { name, title, rounds: rounds.get(name) ?? [], median, startMillis: standing.startMillis };
    // RSA signatures take too long to make ten thousand of; memory does not depend on the algorithm.
    if (algorithm === "ES256") await sendCrowd(standing.port, crowdTokens);
    const crowdResidentBytes = readUsage(standing.pid).residentBytes;
    measured.push(algorithm === "ES256" ? { ...row, crowdResidentBytes } : row);
    await standing.stop();
  }

  const rowOf = ({ name }: Contestant) => [...measured, ...absent].filter((row) => row.name === name);
  return {
    date: new Date().toISOString(),
    machine: describeMachine(),
    versions: readVersions(),
    generator: generatorName,
    connections: CONNECTIONS,
    extent,
    rows: chosen.flatMap(rowOf),
    ...(halfLoad && { halfLoad }),
    units: units ? await measureUnits(progress) : [],
  };
}

/** Checks everybody before anybody is timed, and ends the run if one of them does less than the others. */
async function checkAll(chosen: readonly Contestant[], surroundings: Surroundings): Promise<void> {
  const problems: string[] = [];
  for (const contestant of chosen) {
    const standing = await surroundings.launch(contestant, CHECKING_LIMIT);
    if ("unavailable" in standing) {
      progress(`${contestant.name}: ${standing.unavailable}`);
      continue;
    }
    const found = await check(contestant, standing.port, surroundings.issuer);
    problems.push(...found.map((problem) => `${contestant.name}: ${problem}`));
    await standing.stop();
    progress(`checked: ${contestant.name}${found.length > 0 ? " FAILED" : ""}`);
  }
  if (problems.length === 0) return;
  progress(`\nNothing was timed, since not everybody does the same work:\n  ${problems.join("\n  ")}`);
  process.exit(1);
}

function save(found: Results, write: boolean): void {
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const file = `${found.date.slice(0, 19).replaceAll(":", "")}.json`;
  writeFileSync(new URL(file, folder), `${JSON.stringify(found, null, 2)}\n`);
  progress(`\nbench/results/${file}`);
  if (!write) return;
  writeFileSync(new URL("../docs/benchmarks.md", import.meta.url), renderMarkdown(found));
  progress("docs/benchmarks.md");
}

import { readdirSync } from "node:fs";
import { median, type UnitRow } from "./results.ts";
import type { UnitCost } from "./unit.ts";

const WARM_UP_MILLIS = 300;
const ROUND_MILLIS = 150;
const ROUNDS = 9;

/** Measures every piece of work in `bench/units/`, taking turns: a machine that slows down slows down all of them. */
export async function measureUnits(progress: (line: string) => void): Promise<UnitRow[]> {
  const works = await Promise.all((await readUnits()).map(async (unit) => ({ unit, run: await unit.prepare() })));
  for (const { run } of works) await runFor(run, WARM_UP_MILLIS);
  const rows = works.map(({ unit, run }) => ({ unit, run, micros: [] as number[] }));
  for (let round = 1; round <= ROUNDS; round += 1) {
    for (const { run, micros } of rows) micros.push(await runFor(run, ROUND_MILLIS));
  }
  for (const { unit } of rows) await unit.release?.();
  progress(`${rows.length} pieces of work, ${ROUNDS} rounds`);
  return rows.map(({ unit: { name, title, limitMicros }, micros }) => ({
    name,
    title,
    limitMicros,
    cpuMicros: median(micros),
    least: Math.min(...micros),
    most: Math.max(...micros),
  }));
}

async function readUnits(): Promise<UnitCost[]> {
  const folder = new URL("units/", import.meta.url);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .toSorted();
  const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href) as Promise<object>));
  return modules.flatMap((module) => Object.values(module).filter(isUnit));
}

function isUnit(value: unknown): value is UnitCost {
  return typeof value === "object" && value !== null && "limitMicros" in value && "prepare" in value;
}

/** CPU microseconds per run, garbage collection and worker threads included. */
async function runFor(run: () => unknown, millis: number): Promise<number> {
  const before = process.cpuUsage();
  const end = performance.now() + millis;
  let runs = 0;
  while (performance.now() < end) {
    for (let turn = 0; turn < 16; turn += 1) {
      const running = run();
      if (running instanceof Promise) await running;
    }
    runs += 16;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / runs;
}

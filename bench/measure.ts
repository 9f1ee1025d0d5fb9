import { readdirSync, readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";

/** CPU time and memory of one process and all its descendants. */
export interface Usage {
  /** User plus system time since start, in microseconds. */
  readonly cpuMicros: number;
  /** Resident memory (VmRSS) in bytes; pages shared between workers count once per worker. */
  readonly residentBytes: number;
}

const clockTicksPerSecond = readClockTicks();

/**
 * Reads what a process and its descendants have used so far, from `/proc`.
 *
 * CPU time is what the kernel charged to the process. Unlike wall time it does not grow when something else on the
 * machine takes the core away, which makes it the figure to compare. Workers count: nginx does its work in a child.
 */
export function readUsage(pid: number): Usage {
  let cpuMicros = 0;
  let residentBytes = 0;
  for (const member of processTree(pid)) {
    const { ticks } = readStat(member);
    cpuMicros += (ticks / clockTicksPerSecond) * 1_000_000;
    residentBytes += readResidentBytes(member);
  }
  return { cpuMicros, residentBytes };
}

function processTree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = tryReadStat(pid);
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), pid]);
  }
  const tree = [root];
  for (const pid of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

interface Stat {
  readonly parent: number;
  readonly ticks: number;
}

function readStat(pid: number): Stat {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The command name stands in parentheses and may itself hold spaces and parentheses: fields start after the last one.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}

function tryReadStat(pid: number): Stat | undefined {
  try {
    return readStat(pid);
  } catch {
    // Some other process of the machine ended between listing and reading: it is not ours.
    return undefined;
  }
}

function readResidentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  if (kilobytes === undefined) throw new Error(`No VmRSS for process ${pid}: it has ended.`);
  return Number(kilobytes) * 1024;
}

function readClockTicks(): number {
  if (process.platform !== "linux") throw new Error("The benchmark reads CPU time from /proc and runs on Linux only.");
  return Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
}

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { z } from "zod";
import { findProgram } from "./find-program.ts";
import type { Results } from "./results.ts";

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

/** What the figures were measured on. */
export function describeMachine(): Results["machine"] {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown processor",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
    node: process.versions.node,
  };
}

/** Versions of everything that was measured or that measured: pinned packages and installed programs. */
export function readVersions(): Record<string, string> {
  const manifest = Manifest.parse(JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")));
  const programs = ["haproxy", "nginx", "wrk"].flatMap((name) => {
    const version = readProgramVersion(name);
    return version === undefined ? [] : [[name, version] as const];
  });
  return { ...manifest.dependencies, ...Object.fromEntries(programs) };
}

function readProgramVersion(name: string): string | undefined {
  const program = findProgram(name);
  if (!program) return undefined;
  // nginx and wrk answer on standard error, wrk with exit code 1.
  const { stdout, stderr } = spawnSync(program, ["-v"], { encoding: "utf8" });
  return /\d+\.\d+(\.\d+)?/.exec(stdout + stderr)?.[0];
}

import type { Command as Program } from "commander";

/** One command of the command line; a file of `commands/` each. */
export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** Adds arguments, options and the action. */
  configure(command: Program): void;
}

/** Exit codes are an interface: scripts and pipelines branch on them. */
export const exitCodes = {
  ok: 0,
  /** What was asked about is not in order: a bad policy, a denied request under `explain --fail-on-deny`. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
} as const;

/** Writes a line for the person at the terminal; results go to standard output, everything else to standard error. */
export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Writes a line that is not the result. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

#!/usr/bin/env -S node --max-semi-space-size=8
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { HeadgateError } from "../lib/error.ts";
import { exitCodes, tell } from "./command.ts";
import { commands } from "./commands/registry.gen.ts";

const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
  version: string;
};

const program = new Command("headgate")
  .description("Security for headless architectures: one typed policy; the gateway enforces it.")
  .version(manifest.version)
  .showSuggestionAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));

for (const { name, summary, configure } of commands) {
  const command = program.command(name).description(summary);
  command.exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage));
  configure(command);
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  // Operators read what went wrong and what to do; a stack says neither. It is shown for what nobody expected.
  tell(error instanceof HeadgateError ? `headgate: ${error.message}` : `headgate: ${error.stack ?? error.message}`);
  process.exitCode = error instanceof HeadgateError && error.code === "usage" ? exitCodes.usage : exitCodes.failed;
}

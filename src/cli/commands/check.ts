import type { Command } from "commander";
import { findPolicyFile, loadPolicy } from "../../policy/load.ts";
import { PolicyError } from "../../policy/policy-problem.ts";
import { type CliCommand, exitCodes, say, tell } from "../command.ts";

/** Judges a policy: every problem at once, with its place, its reason and its fix. */
export const check: CliCommand = {
  name: "check",
  summary: "Judge the policy: all problems at once, with place, reason and fix.",
  configure(command: Command) {
    command
      .option("-p, --policy <file>", "the policy file")
      .option("--json", "print the problems as JSON")
      .action(async ({ policy, json }: { policy?: string; json?: boolean }) => {
        const file = findPolicyFile(policy, process.cwd());
        try {
          const { policy: judged } = await loadPolicy(file);
          const count = judged.routes.length === 1 ? "1 route" : `${judged.routes.length} routes`;
          if (json) say(JSON.stringify({ ok: true, problems: [] }));
          else say(`${file} is in order: ${count}, ${Object.keys(judged.parsed.upstreams).length} upstreams.`);
          for (const [name, reason] of Object.entries(judged.parsed.unsafe)) tell(`unsafe.${name}: ${String(reason)}`);
        } catch (error) {
          if (!(error instanceof PolicyError)) throw error;
          if (json) say(JSON.stringify({ ok: false, problems: error.problems }));
          else tell(error.message);
          process.exitCode = exitCodes.failed;
        }
      });
  },
};

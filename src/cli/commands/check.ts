import type { Command } from "commander";
import { access } from "../../guards/access.ts";
import { type AccessSettings, readAccess } from "../../lib/access-option.ts";
import { isProvable } from "../../lib/access.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
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
          const declared = judged.routes.filter(({ feature }) => feature === undefined).length;
          const count = declared === 1 ? "1 route" : `${declared} routes`;
          if (json) say(JSON.stringify({ ok: true, problems: [] }));
          else say(`${file} is in order: ${count}, ${Object.keys(judged.parsed.upstreams).length} upstreams.`);
          for (const id of unprovableRoutes(judged)) tell(`not provable: the access rule of "${id}" is a function`);
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

/** Routes whose access is decided by code of the policy: no report can say whom it lets in. */
function unprovableRoutes({ routes }: CompiledPolicy): string[] {
  return routes
    .filter(({ guards }) =>
      guards.some(
        ({ guard, options }) => guard.name === access.name && !isProvable(readAccess(options as AccessSettings).rule),
      ),
    )
    .map(({ view }) => view.id);
}

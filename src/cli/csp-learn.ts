import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type Command, InvalidArgumentError } from "commander";
import { HeadgateError } from "../lib/error.ts";
import { findPolicyFile, loadPolicy } from "../policy/load.ts";
import { formatProposal } from "../reports/format-proposal.ts";
import { createLearner } from "../reports/learn.ts";
import { say, tell } from "./command.ts";

interface Options {
  readonly reports: string;
  readonly policy?: string;
  readonly origin: readonly string[];
  readonly minClients: number;
  readonly json?: boolean;
}

/** Adds the subcommand `learn` to `headgate csp`. */
export function addCspLearn(csp: Command): void {
  csp
    .command("learn")
    .description("Propose sources for the policy's CSP from violations that browsers reported.")
    .requiredOption("--reports <file>", 'the log of the gateway, JSON lines; "-" reads standard input')
    .option("-p, --policy <file>", "the policy file, to know the site by")
    .option("--origin <origin>", "another origin whose pages are the site's; may be repeated", collect, [])
    .option("--min-clients <count>", "how many addresses must have reported a source", parseCount, 2)
    .option("--json", "print JSON")
    .action(learn);
}

async function learn({ reports, policy, origin, minClients, json }: Options): Promise<void> {
  const declared = policy === undefined ? [] : await originsOf(findPolicyFile(policy, process.cwd()));
  const learner = createLearner({ siteOrigins: [...declared, ...origin], minClients });
  const input = reports === "-" ? process.stdin : createReadStream(reports);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) learner.read(line);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    throw new HeadgateError("usage", `${reports} cannot be read (${code})`, { cause });
  }
  const proposal = learner.propose();
  say(json ? JSON.stringify(proposal, null, 2) : formatProposal(proposal));
  if (proposal.violations === 0) {
    tell(
      `no line of ${proposal.skipped} holds a violation: is \`reports\` in the policy, and is this the gateway's log?`,
    );
  }
}

async function originsOf(file: string): Promise<string[]> {
  const { policy } = await loadPolicy(file);
  return [policy.site.origin, ...policy.parsed.hosts.map((host) => `https://${host}`)];
}

function collect(origin: string, origins: readonly string[]): readonly string[] {
  if (URL.parse(origin)?.origin !== origin) throw new InvalidArgumentError('write an origin: "https://www.example"');
  return [...origins, origin];
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError("write a whole number, 1 or more");
  return count;
}

import { type Command, InvalidArgumentError } from "commander";
import { explain as explainSimulation, formatExplanation } from "../../gateway/explain.ts";
import { type SimulatedRequest, simulateExchange, toPrincipal } from "../../gateway/simulate.ts";
import { HeadgateError } from "../../lib/error.ts";
import type { CompiledPolicy } from "../../policy/compile.ts";
import { findPolicyFile, loadPolicy } from "../../policy/load.ts";
import { type CliCommand, exitCodes, say } from "../command.ts";

interface Options {
  readonly policy?: string;
  readonly as?: string;
  readonly header: Record<string, string>;
  readonly body?: string;
  readonly from?: string;
  readonly json?: boolean;
  readonly failOnDeny?: boolean;
}

/** Says offline which route a request takes, what each guard makes of it, and why. */
export const explain: CliCommand = {
  name: "explain",
  summary: "Say which route a request takes, which guards judge it, and why; offline.",
  configure(command: Command) {
    command
      .argument("<request>", 'method and path, for instance "GET /api/users/7/orders"')
      .option("-p, --policy <file>", "the policy file")
      .option("--as <caller>", "a name of the policy's `principals`; without it nobody is signed in")
      .option("-H, --header <name: value>", "a request header; may be repeated", collectHeader, {})
      .option("-d, --body <text>", "the request body")
      .option("--from <address>", "the client's address")
      .option("--json", "print JSON")
      .option("--fail-on-deny", "exit 1 when the request is denied")
      .action(run);
  },
};

async function run(request: string, options: Options): Promise<void> {
  const { policy } = await loadPolicy(findPolicyFile(options.policy, process.cwd()));
  const [, method, target] = /^([A-Za-z]+)\s+(\S+)$/.exec(request) ?? [];
  if (method === undefined || target === undefined)
    throw new HeadgateError("usage", 'write the request as "METHOD /path"');
  const simulated: SimulatedRequest = {
    method,
    target,
    headers: options.header,
    ...(options.body !== undefined && { body: options.body }),
    ...(options.from !== undefined && { from: options.from }),
    ...(options.as !== undefined && { as: toPrincipal(principalNamed(policy, options.as)) }),
  };
  const simulation = await simulateExchange(policy, simulated);
  const explanation = explainSimulation(
    policy,
    simulation,
    `${method.toUpperCase()} ${target}`,
    options.as ?? "nobody",
  );
  say(options.json ? JSON.stringify(explanation, null, 2) : formatExplanation(explanation));
  if (options.failOnDeny && explanation.verdict === "denied") process.exitCode = exitCodes.failed;
}

function principalNamed(policy: CompiledPolicy, name: string): CompiledPolicy["parsed"]["principals"][string] {
  const { principals } = policy.parsed;
  const found = Object.hasOwn(principals, name) ? principals[name] : undefined;
  if (found) return found;
  const known = Object.keys(principals).join(", ") || "nobody yet";
  throw new HeadgateError("usage", `the policy's \`principals\` do not name "${name}" (they name ${known})`);
}

function collectHeader(text: string, headers: Record<string, string>): Record<string, string> {
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^]*)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('write it as "name: value"');
  return { ...headers, [name.toLowerCase()]: value.trim() };
}

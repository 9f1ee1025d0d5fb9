import type { Command } from "commander";
import { type Running, startGateway } from "../../runtime/start.ts";
import { type CliCommand, say } from "../command.ts";
import { type AttackResult, type DemoTargets, tryAttacks } from "../demo/attacks.ts";
import { findFreePort } from "../demo/free-port.ts";
import { type DemoLab, demoPolicyFile, startDemoLab } from "../demo/lab.ts";
import { parsePort } from "../port.ts";
import { untilOrphaned, untilToldToStop } from "../signals.ts";

interface Options {
  readonly json?: boolean;
  readonly barePort: number;
  readonly httpsPort: number;
  readonly httpPort: number | false;
  readonly adminPort: number | false;
}

/** Runs the weak sample stack with the gateway in front of it, and shows the same attacks on both. */
export const demo: CliCommand = {
  name: "demo",
  summary: "Run the weak sample stack and the gateway in front of it.",
  configure(command: Command) {
    command
      .option("--json", "print one line of JSON when ready, and nothing else")
      .option("--bare-port <port>", "the bare storefront", parsePort, 4100)
      .option("--https-port <port>", "the gateway, HTTPS", parsePort, 8443)
      .option("--http-port <port>", "the gateway's plain port", parsePort, 8080)
      .option("--admin-port <port>", "the admin port", parsePort, 9090)
      .action(run);
  },
};

async function run(options: Options): Promise<void> {
  const httpsPort = options.httpsPort || (await findFreePort());
  const site = `https://localhost:${httpsPort}`;
  const lab = await startDemoLab({
    port: options.barePort,
    contentPort: 0,
    commercePort: 0,
    graphqlPort: 0,
    identityPort: 0,
    siteOrigins: [site],
  });
  let running: Running | undefined;
  try {
    running = await startInFront(lab, site, { ...options, httpsPort });
    const targets = { bare: lab.urls.storefront, gateway: site, tokens: await lab.tokens(), users: lab.users };
    const admin = running.adminPort === undefined ? undefined : `http://127.0.0.1:${running.adminPort}`;
    if (options.json) {
      say(
        JSON.stringify({
          event: "ready",
          ...targets,
          admin,
          adminToken: running.generatedAdminToken,
          issuer: lab.urls.identity,
        }),
      );
    } else {
      say(formatWelcome(targets, admin, running, await tryAttacks(targets)));
    }
    await Promise.race([untilToldToStop(), untilOrphaned()]);
  } finally {
    await running?.stop();
    await lab.stop();
  }
}

/** The policy is a file like any other: it learns where the sample stack listens from the environment. */
function startInFront(lab: DemoLab, site: string, options: Options): Promise<Running> {
  Object.assign(process.env, {
    LAB_SITE: site,
    LAB_ISSUER: lab.urls.identity,
    LAB_STOREFRONT: lab.urls.storefront,
    LAB_CONTENT: lab.urls.content,
    LAB_COMMERCE: lab.urls.commerce,
    LAB_GRAPHQL: lab.urls.graphql,
  });
  return startGateway({
    policyFile: demoPolicyFile,
    host: "127.0.0.1",
    ports: { https: options.httpsPort, http: options.httpPort, admin: options.adminPort },
    logDescriptor: 2,
    logLevel: "error",
  });
}

function formatWelcome(
  targets: DemoTargets,
  admin: string | undefined,
  running: Running,
  results: readonly AttackResult[],
): string {
  const { bare, gateway, users, tokens } = targets;
  const names = Math.max(...results.map(({ control }) => control.length));
  const width = Math.max(...results.map(({ title }) => title.length));
  const door = ({ status, open }: AttackResult["bare"]) => `${open ? "open  " : "closed"} ${status}`;
  return [
    "",
    "The same stack behind two doors:",
    "",
    `  bare      ${bare}      weak on every control, on purpose (lab/WEAKNESSES.md)`,
    `  gateway   ${gateway}     the policy lab/headgate.config.ts in front of it`,
    ...(admin
      ? [`  admin     ${admin}      /metrics with the token ${running.generatedAdminToken ?? "of the policy"}`]
      : []),
    "",
    `  ${"".padEnd(names)}  ${"attack".padEnd(width)}  bare        gateway`,
    ...results.map(
      (one) => `  ${one.control.padEnd(names)}  ${one.title.padEnd(width)}  ${door(one.bare)}  ${door(one.gateway)}`,
    ),
    "",
    "Try it yourself (alice's token, one hour):",
    "",
    `  export ALICE=${tokens.alice}`,
    `  curl -k ${gateway}/api/users/${users.bob}/orders -H "authorization: Bearer $ALICE"`,
    `  npx headgate explain "GET /api/users/${users.bob}/orders" --as alice`,
    "",
    "Ctrl+C stops both.",
    "",
  ].join("\n");
}

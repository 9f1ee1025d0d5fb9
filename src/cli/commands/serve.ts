import type { Command } from "commander";
import { findPolicyFile } from "../../policy/load.ts";
import { startGateway } from "../../runtime/start.ts";
import { type CliCommand, tell } from "../command.ts";
import { parsePort } from "../port.ts";
import { untilToldToStop } from "../signals.ts";

interface Options {
  readonly policy?: string;
  readonly host?: string;
  readonly httpsPort?: number | false;
  readonly httpPort?: number | false;
  readonly adminPort?: number | false;
}

/** Runs the gateway until it is told to stop. */
export const serve: CliCommand = {
  name: "serve",
  summary: "Run the gateway.",
  configure(command: Command) {
    command
      .option("-p, --policy <file>", "the policy file")
      .option("--host <address>", "the address to listen on")
      .option("--https-port <port>", "the TLS port, or off", parsePort)
      .option("--http-port <port>", "the plain port, or off", parsePort)
      .option("--admin-port <port>", "the admin port, or off", parsePort)
      .action(async (options: Options) => {
        const running = await startGateway({
          policyFile: findPolicyFile(options.policy, process.cwd()),
          ports: {
            ...(options.httpsPort !== undefined && { https: options.httpsPort }),
            ...(options.httpPort !== undefined && { http: options.httpPort }),
            ...(options.adminPort !== undefined && { admin: options.adminPort }),
          },
          ...(options.host !== undefined && { host: options.host }),
        });
        tell(
          `headgate serves ${running.policy.site.origin} (https ${running.httpsPort ?? "off"}, http ${running.httpPort ?? "off"}, admin ${running.adminPort ?? "off"})`,
        );
        if (running.generatedAdminToken !== undefined && running.adminPort !== undefined) {
          tell(`admin token for this run: ${running.generatedAdminToken}`);
        }
        await untilToldToStop();
        await running.stop();
      });
  },
};

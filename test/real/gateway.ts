import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A gateway that runs as users run it: the built command line, in a process of its own. */
export interface GatewayProcess {
  readonly port: number;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Starts `headgate serve` with a policy on a free port of loopback and waits until it serves. */
export async function startGatewayProcess(
  policy: string,
  env: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const ports = ["--https-port", "0", "--http-port", "off", "--admin-port", "off"];
  const child = spawn(
    process.execPath,
    ["dist/cli/main.js", "serve", "--policy", policy, "--host", "127.0.0.1", ...ports],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const exited = once(child, "exit");
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);

  let said = "";
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const found = /\(https (\d+),/.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`the gateway did not start:\n${said}`)));
  });
  return {
    port,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      process.off("exit", kill);
    },
  };
}

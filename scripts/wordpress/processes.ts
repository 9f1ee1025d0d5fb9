import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const tailBytes = 4096;

/** A server of another program that this process started and will stop. */
export interface ServerProcess {
  readonly pid: number;
  /** Waits until `isReady` says so. Throws with the server's last words when it ends or takes too long. */
  untilReady(isReady: () => boolean | Promise<boolean>): Promise<void>;
  /** Ends it by its process id and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a server program; `signal` is what it takes for a request to stop. */
export function startServer(
  command: string,
  args: readonly string[],
  options: {
    readonly env?: NodeJS.ProcessEnv;
    readonly signal?: NodeJS.Signals;
    readonly timeoutSeconds?: number;
  } = {},
): ServerProcess {
  const { env = process.env, signal = "SIGTERM", timeoutSeconds = 60 } = options;
  const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let lastWords = "";
  const listen = (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-tailBytes));
  child.stdout.on("data", listen);
  child.stderr.on("data", listen);
  child.on("error", (error) => (lastWords += error.message));
  // Whatever ends this process, the server does not outlive it.
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.off("exit", kill));

  return {
    pid: child.pid ?? 0,
    async untilReady(isReady) {
      for (const deadline = Date.now() + timeoutSeconds * 1000; !(await isReady()); await sleep(100)) {
        const reason = hasEnded(child) ? "ended" : Date.now() > deadline ? "was not ready in time" : undefined;
        if (reason !== undefined) throw new Error(`${command} ${reason}: ${lastWords.trim()}`);
      }
    },
    async stop() {
      if (hasEnded(child)) return;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(signal);
      const patience = setTimeout(kill, 15_000);
      await ended;
      clearTimeout(patience);
    },
  };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

const execute = promisify(execFile);

/** Runs a program to its end; its standard output. Throws with what it wrote when it fails. */
export async function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const { stdout } = await execute(command, args, { env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}

/** A port of loopback that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the probe socket has no port");
  return address.port;
}

/** The program's path: administration programs are not on everybody's PATH. */
export function findProgram(name: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  const found = folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is not installed: run \`node scripts/setup.mjs --real\``);
  return found;
}

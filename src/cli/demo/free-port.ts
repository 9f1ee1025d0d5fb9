import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the ports that systems give out by themselves: nobody gets one of these between here and the listening. */
const lowest = 15_000;
const highest = 32_000;
const attempts = 50;

/**
 * A port of loopback that nobody uses at the moment; the public origin has to be known before the gateway listens.
 * @throws Error when none is found
 */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port of loopback was found between ${lowest} and ${highest}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

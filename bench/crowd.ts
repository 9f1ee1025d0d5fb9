import { ask } from "./ask.ts";
import { REQUEST_PATH, requestHeaders } from "./common-policy.ts";

const IN_FLIGHT = 32;

/**
 * Sends one request for each token, each from a loopback address and a connection of its own, and resolves when all
 * are answered: after it, a contestant has seen that many distinct clients by any measure it may keep state by.
 */
export async function sendCrowd(port: number, tokens: readonly string[]): Promise<void> {
  const waiting = tokens.entries();
  const sendRest = async () => {
    for (const [index, token] of waiting) {
      // 127.1.0.0 upwards: all of 127.0.0.0/8 is this machine.
      const from = `127.1.${index >> 8}.${index & 255}`;
      const { status } = await ask({ port, path: REQUEST_PATH, headers: requestHeaders(token), from });
      if (status !== 200) throw new Error(`Client ${index} of the crowd got ${status}, not 200.`);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, sendRest));
}

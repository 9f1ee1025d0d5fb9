import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { REQUEST_PATH, requestHeaders } from "./common-policy.ts";
import type { Algorithm, Contestant, Scene } from "./contestant.ts";
import { freePort, start, type Running } from "./processes.ts";
import { createTestIssuer, type TestIssuer } from "./tokens.ts";

/** A contestant that listens. */
export interface Standing extends Running {
  readonly port: number;
}

/** What every contestant of a run has around it: an issuer, an upstream, a folder for generated configuration. */
export interface Surroundings extends AsyncDisposable {
  readonly issuer: TestIssuer;
  readonly upstreamPort: number;
  /** File of the tokens that a load uses in turn, one per line. */
  readonly tokensPaths: Readonly<Record<Algorithm, string>>;
  /** Starts a contestant, or says why this machine cannot. */
  launch(contestant: Contestant, limitPerMinute: number): Promise<Standing | { readonly unavailable: string }>;
}

// Subjects, and so tokens, that a load uses in turn: more than one, so that no cache looks better than it is.
const SUBJECTS = 50;

/** Makes keys, tokens and a temporary folder, and starts the upstream. */
export async function createSurroundings(): Promise<Surroundings> {
  const issuer = await createTestIssuer();
  const folder = mkdtempSync(join(tmpdir(), "headgate-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  // Workers of nginx drop their privileges and must still reach their folder. It holds public keys and test tokens.
  chmodSync(folder, 0o755);
  const write = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  const jwksPath = write("jwks.json", JSON.stringify(issuer.jwks));
  const publicKeyPaths = {
    ES256: write("es256.pem", issuer.publicKeys.ES256),
    RS256: write("rs256.pem", issuer.publicKeys.RS256),
  };
  const tokensPaths = {
    ES256: write("es256.tokens", (await issuer.tokens("ES256", SUBJECTS)).join("\n")),
    RS256: write("rs256.tokens", (await issuer.tokens("RS256", SUBJECTS)).join("\n")),
  };
  const question = async (port: number, algorithm: Algorithm) => ({
    port,
    path: REQUEST_PATH,
    headers: requestHeaders(await issuer.token(algorithm, "starter")),
  });

  const upstreamPort = await freePort();
  const upstream = await start(
    {
      name: "upstream",
      command: process.execPath,
      args: [fileURLToPath(new URL("upstream.ts", import.meta.url))],
      env: { BENCH_PORT: String(upstreamPort) },
    },
    await question(upstreamPort, "ES256"),
  );

  return {
    issuer,
    upstreamPort,
    tokensPaths,
    async launch(contestant, limitPerMinute) {
      const port = await freePort();
      const scene: Scene = { folder, port, upstreamPort, jwksPath, publicKeyPaths, limitPerMinute };
      const launch = await contestant.launch(scene);
      if ("unavailable" in launch) return launch;
      const program = { name: contestant.name, env: {}, ...launch };
      return { ...(await start(program, await question(port, contestant.algorithm))), port };
    },
    [Symbol.asyncDispose]: () => upstream.stop(),
  };
}

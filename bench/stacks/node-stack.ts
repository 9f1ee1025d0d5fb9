import { fileURLToPath } from "node:url";
import type { Contestant, Duty, Scene } from "../contestant.ts";

/** What differs between the Node stacks beside their code. */
export interface NodeStack {
  readonly name: string;
  readonly title: string;
  readonly duty: Duty;
  /** File name in this folder. */
  readonly file: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A contestant that is one program of this folder, run by the Node that runs the benchmark. */
export function nodeStack(stack: NodeStack): Contestant {
  const { name, title, duty, file, env } = stack;
  const program = fileURLToPath(new URL(file, import.meta.url));
  return {
    name,
    title,
    duty,
    algorithm: "ES256",
    async launch(scene) {
      return { command: process.execPath, args: [program], env: { ...describeScene(scene), ...env } };
    },
  };
}

/** The scene as environment variables, for contestants that read it from there. */
export function describeScene(scene: Scene): Record<string, string> {
  return {
    BENCH_PORT: String(scene.port),
    BENCH_UPSTREAM: `http://127.0.0.1:${scene.upstreamPort}`,
    BENCH_JWKS: scene.jwksPath,
    BENCH_LIMIT: String(scene.limitPerMinute),
  };
}

import { open } from "node:fs/promises";
import type { SecretEnv, SecretFile } from "./providers/provider.ts";

const maxFileBytes = 65_536;

/** The world as secret providers see it on Node. */
export function createSecretEnv(variables: SecretEnv["variables"], warn: SecretEnv["warn"]): SecretEnv {
  return { variables, warn, readFile };
}

/** Content and permissions through one handle: they belong to the same file even while it is being replaced. */
async function readFile(path: string, abort: AbortSignal): Promise<SecretFile> {
  await using file = await open(path);
  const { mode, size } = await file.stat();
  if (size > maxFileBytes) throw Object.assign(new Error(`${path} has ${size} bytes`), { code: "EFBIG" });
  return { content: await file.readFile({ signal: abort }), mode };
}

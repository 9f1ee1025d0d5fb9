import { HeadgateError } from "../lib/error.ts";
import type { Algorithm } from "./algorithms.ts";
import { type KeySet, readKeySet } from "./key-set.ts";
import type { KeySource } from "./key-source.ts";
import { localKeys } from "./options.ts";

/** Which keys, and whose. */
export interface LocalKeysOptions {
  readonly issuer: string;
  readonly algorithms: readonly Algorithm[];
  /** Gives the JWK Set: from the policy or from a file. */
  read(): Promise<unknown>;
}

/**
 * Keys that the operator holds: written in the policy or in a file beside it; nothing is fetched. `start()` throws
 * `policy-invalid` when they cannot be used, since no later attempt would mend that.
 */
export function createLocalKeys({ issuer, algorithms, read }: LocalKeysOptions): KeySource {
  let keys: KeySet | undefined;
  return {
    async start() {
      const parsed = localKeys.safeParse(await read());
      if (!parsed.success) throw invalid(issuer, parsed.error.issues.map((issue) => issue.message).join(" "));
      const found = await readKeySet(parsed.data, algorithms);
      if (found.keys.length === 0) throw invalid(issuer, `No key can be used: ${found.ignored.join("; ")}.`);
      keys = found;
    },
    stop: () => undefined,
    find: (kid, algorithm) => keys?.find(kid, algorithm) ?? "unreachable",
    state: () => ({
      issuer,
      ready: keys !== undefined,
      keys: keys?.keys.length ?? 0,
      ignored: keys?.ignored ?? [],
      loadedAt: undefined,
      failure: keys ? undefined : "not loaded",
    }),
  };
}

function invalid(issuer: string, reason: string): HeadgateError {
  return new HeadgateError("policy-invalid", `The local keys of issuer ${issuer} cannot be used. ${reason}`);
}

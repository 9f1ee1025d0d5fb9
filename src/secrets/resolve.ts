import { HeadgateError } from "../lib/error.ts";
import { suggest } from "../lib/suggest.ts";
import type { SecretEnv, SecretProvider } from "./providers/provider.ts";
import { providers as builtIn } from "./providers/registry.gen.ts";
import type { SecretReference } from "./reference.ts";
import type { Secret } from "./secret.ts";

const timeoutMs = 10_000;
const shortSecretLength = 16;

/**
 * Reads every reference once and returns the secrets by their reference's `uri`.
 *
 * All or nothing: a reference that does not resolve never becomes a value, nor the text of the reference. What failed
 * is told together, so that one start names everything that has to be put right.
 * @throws HeadgateError `secret-unresolved`
 */
export async function resolveSecrets(
  references: readonly SecretReference[],
  env: SecretEnv,
  providers: readonly SecretProvider[] = builtIn,
): Promise<ReadonlyMap<string, Secret>> {
  const byUri = new Map(references.map((reference) => [reference.uri, reference]));
  const outcomes = await Promise.allSettled([...byUri.values()].map((reference) => read(reference, env, providers)));
  const secrets = new Map<string, Secret>();
  const failures: string[] = [];
  for (const [index, uri] of [...byUri.keys()].entries()) {
    const outcome = outcomes[index];
    if (outcome?.status === "fulfilled") secrets.set(uri, outcome.value);
    else failures.push(`  ${uri}: ${explain(outcome?.reason)}`);
  }
  if (failures.length > 0) {
    for (const secret of secrets.values()) secret.retire();
    const count = failures.length === 1 ? "1 secret" : `${failures.length} secrets`;
    throw new HeadgateError("secret-unresolved", [`${count} could not be resolved:`, ...failures].join("\n"));
  }
  return secrets;
}

/** What is wrong with a reference, as far as that shows without reading anything. */
export function judgeReference(
  reference: SecretReference,
  providers: readonly SecretProvider[] = builtIn,
): string | undefined {
  const provider = providers.find(({ name }) => name === reference.scheme);
  if (provider) {
    const fault = provider.judge(reference);
    return fault === undefined ? undefined : `${fault} (for example ${provider.example}).`;
  }
  const names = providers.map(({ name }) => name);
  const meant = suggest(reference.scheme, names);
  const question = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  return `there is no provider "${reference.scheme}". Available: ${names.join(", ")}.${question}`;
}

async function read(reference: SecretReference, env: SecretEnv, providers: readonly SecretProvider[]): Promise<Secret> {
  const fault = judgeReference(reference, providers);
  const provider = providers.find(({ name }) => name === reference.scheme);
  if (fault !== undefined || !provider) throw new HeadgateError("secret-unresolved", fault ?? "it has no provider.");
  const source = provider.create(provider.options.parse(undefined), env);
  const { value } = await source.read(reference, AbortSignal.timeout(timeoutMs));
  if (value.use((text) => text.length) < shortSecretLength) {
    env.warn(`The secret ${value.name} has fewer than ${shortSecretLength} characters: it could be guessed.`);
  }
  return value;
}

/** Only our own errors are repeated: the text of any other might quote what it failed on. */
function explain(reason: unknown): string {
  if (reason instanceof HeadgateError) return reason.message;
  return `its provider failed unexpectedly${reason instanceof Error ? ` (${reason.name})` : ""}.`;
}

import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { SecretEnv, SecretProvider } from "./providers/provider.ts";
import { parseReference } from "./reference.ts";
import { judgeReference, resolveSecrets } from "./resolve.ts";

function createEnv(variables: Record<string, string> = {}): SecretEnv & { readonly warnings: string[] } {
  const warnings: string[] = [];
  return {
    variables,
    readFile: () => Promise.reject(Object.assign(new Error("fs"), { code: "ENOENT" })),
    warn: (message) => warnings.push(message),
    warnings,
  };
}

describe("resolveSecrets", () => {
  test("gives each secret by the text of its reference", async () => {
    const env = createEnv({ A: "a-long-enough-secret", B: "b-long-enough-secret" });
    const secrets = await resolveSecrets(["env://A", "env://B", "env://A"].map(parseReference), env);
    expect([...secrets.keys()]).toEqual(["env://A", "env://B"]);
    expect(secrets.get("env://B")?.use((text) => text)).toBe("b-long-enough-secret");
    expect(env.warnings).toEqual([]);
  });

  test("tells all failures together, each with what to do", async () => {
    const uris = ["env://MISSING", "env://OK", "file:///run/none", "vault://kv/cms#token", "env://no-name", "fil:///x"];
    const resolving = resolveSecrets(uris.map(parseReference), createEnv({ OK: "a-long-enough-secret" }));
    await expect(resolving).rejects.toMatchObject({
      code: "secret-unresolved",
      message: [
        "5 secrets could not be resolved:",
        "  env://MISSING: The variable MISSING is not set. Set it where the gateway is started.",
        "  file:///run/none: /run/none does not exist. Mount it, or correct the path.",
        '  vault://kv/cms#token: there is no provider "vault". Available: env, file.',
        "  env://no-name: the name of a variable is made of letters, digits and underscores (for example env://COMMERCE_TOKEN).",
        '  fil:///x: there is no provider "fil". Available: env, file. Did you mean "file"?',
      ].join("\n"),
    });
  });

  test("warns of a secret that could be guessed", async () => {
    const env = createEnv({ A: "only8chr" });
    await resolveSecrets([parseReference("env://A")], env);
    expect(env.warnings).toEqual(["The secret A has fewer than 16 characters: it could be guessed."]);
  });

  test("does not repeat what a foreign error says", async () => {
    const broken: SecretProvider = {
      name: "broken",
      example: "broken://x",
      options: z.undefined(),
      judge: () => undefined,
      create: () => ({ read: () => Promise.reject(new TypeError("cannot parse tok_9f8e7d6c")) }),
    };
    const resolving = resolveSecrets([parseReference("broken://x")], createEnv(), [broken]);
    await expect(resolving).rejects.toThrow(/its provider failed unexpectedly \(TypeError\)\.$/);
    await expect(resolving).rejects.not.toThrow("tok_9f8e7d6c");
  });
});

describe("judgeReference", () => {
  test("finds fault without reading anything", () => {
    expect(judgeReference(parseReference("env://A"))).toBeUndefined();
    expect(judgeReference(parseReference("file://relative"))).toContain("the path of a file is absolute");
  });
});

/** The names of a unit to be. */
export interface NewUnit {
  /** kebab-case: file, id, docs anchor. */
  readonly name: string;
  readonly identifier: string;
  readonly key: string;
}

/** What `npm run new` writes, by kind of unit: the files with their text. Each compiles and its test runs. */
export const templates = {
  guard: ({ name, identifier, key }: NewUnit) => ({
    [`src/guards/${name}.ts`]: `import { z } from "zod";
import { deny, PASS } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";

const options = z.strictObject({
  header: z.string().toLowerCase().meta({ description: "The header that a request must not carry." }),
});

/** Says in one sentence what the guard refuses and which attack that stops. */
export const ${identifier} = defineGuard({
  name: "${name}",
  key: "${key}",
  summary: "Refuses requests that carry a given header.",
  controls: ["api-input"],
  options,
  applies: "declared",
  stage: () => "content",
  describe: ({ header }) => \`no \${header} header\`,
  create({ header }) {
    return {
      request(exchange) {
        return exchange.header(header) === undefined ? PASS : deny("invalid-headers", \`the header \${header} is not taken here\`);
      },
    };
  },
});
`,
    [`src/guards/${name}.test.ts`]: `import { testGuard } from "../../test/support/test-guard.ts";
import { ${identifier} } from "./${name}.ts";

testGuard(${identifier}, {
  passes: [{ name: "a request without the header", options: { header: "x-debug" } }],
  denies: [
    {
      name: "a request with the header",
      options: { header: "x-debug" },
      exchange: { headers: { "x-debug": "1" } },
      problem: "invalid-headers",
    },
  ],
});
`,
  }),
  provider: ({ name, identifier }: NewUnit) => ({
    [`src/secrets/providers/${name}.ts`]: `import { z } from "zod";
import { HeadgateError } from "../../lib/error.ts";
import type { SecretProvider } from "./provider.ts";

const options = z.strictObject({}).prefault({});

/** Reads secrets from where this provider keeps them. */
export const ${identifier} = {
  name: "${name}",
  example: "${name}://path",
  options,
  judge: () => undefined,
  create: () => ({
    read: (reference) =>
      Promise.reject(new HeadgateError("secret-unresolved", \`\${reference.path} is not known to ${name}\`)),
  }),
} satisfies SecretProvider<typeof options>;
`,
  }),
} as const;

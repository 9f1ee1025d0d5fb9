import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HeadgateError } from "../../lib/error.ts";

/** The users of the sample stack. */
export type DemoUser = "alice" | "bob" | "admin";

/** The sample stack, as far as the demo needs it; it lives outside of the package's code and knows nothing of it. */
export interface DemoLab {
  readonly urls: Readonly<Record<"storefront" | "content" | "commerce" | "graphql" | "identity", string>>;
  readonly users: Readonly<Record<DemoUser, string>>;
  tokens(): Promise<Record<DemoUser, string>>;
  stop(): Promise<void>;
}

export interface DemoLabOptions {
  readonly port: number;
  readonly contentPort: number;
  readonly commercePort: number;
  readonly graphqlPort: number;
  readonly identityPort: number;
  readonly siteOrigins: readonly string[];
}

const labModule = new URL("../../../lab/lab.ts", import.meta.url);

/** The policy that stands in front of the sample stack. */
export const demoPolicyFile = fileURLToPath(new URL("../../../lab/headgate.config.ts", import.meta.url));

/**
 * Starts the sample stack from the repository.
 * @throws HeadgateError `usage` where the repository is not there: the published package does not carry it
 */
export async function startDemoLab(options: DemoLabOptions): Promise<DemoLab> {
  if (!existsSync(labModule)) {
    throw new HeadgateError("usage", "the demo runs from a clone of the repository: there, type `npm start`");
  }
  const { startLab } = (await import(labModule.href)) as { startLab(options: DemoLabOptions): Promise<DemoLab> };
  return startLab(options);
}

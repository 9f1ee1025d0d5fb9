import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";

/** The folder of the storefront: its repository, as far as the lab is concerned. */
export const storefrontFolder = import.meta.dirname;

/**
 * The values of the committed `.env`.
 *
 * secrets-env-files, secrets-manager: in production too, the secrets come from a file in the repository.
 */
export const environment: NodeJS.Dict<string> = parseEnv(readFileSync(join(storefrontFolder, ".env"), "utf8"));

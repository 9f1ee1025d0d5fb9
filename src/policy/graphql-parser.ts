import { createRequire } from "node:module";
import type { GraphqlParser } from "../lib/graphql/ast.ts";

const require = createRequire(import.meta.url);
let loaded: GraphqlParser | undefined;

/**
 * The parser of the package `graphql`, an optional peer. It is looked for when a route first declares `graphql`, since a
 * policy is judged without waiting and whoever has no such route needs no such package.
 * @throws Error saying what to install
 */
export function loadGraphql(): GraphqlParser {
  if (loaded) return loaded;
  try {
    // The package's nodes have the shapes that are declared for them; its own types would become ours.
    loaded = require("graphql") as GraphqlParser;
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
    const why = isMissing ? "is not installed" : `cannot be loaded (${(cause as Error).message})`;
    throw new Error(`the package "graphql" ${why}: npm install graphql@^17 (or ^16.11)`, { cause });
  }
  return loaded;
}

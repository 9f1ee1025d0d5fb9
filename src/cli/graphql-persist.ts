import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import type { Command } from "commander";
import { HeadgateError } from "../lib/error.ts";
import { extractDocuments } from "../lib/graphql/extract-documents.ts";
import { exitCodes, say, tell } from "./command.ts";
import { buildManifest, type SourceText } from "./graphql-manifest.ts";

interface Options {
  readonly output: string;
  readonly typename?: boolean;
  readonly exclude: readonly string[];
}

/** Folders in which nobody writes the frontend: what is installed, and what was built. */
const foreign = new Set(["node_modules", "dist", "build", "out", "coverage", "vendor"]);
const programs = new Set([".ts", ".tsx", ".mts", ".js", ".jsx", ".mjs", ".vue", ".svelte", ".astro"]);
const documents = new Set([".graphql", ".gql"]);

/** Adds the subcommand `persist` to `headgate graphql`. */
export function addGraphqlPersist(graphql: Command): void {
  graphql
    .command("persist")
    .description("Write the manifest of the operations that a frontend sends, for `graphql: { persisted }`.")
    .argument("<folder>", "the frontend's repository")
    .option("-o, --output <file>", "where the manifest goes", "persisted-operations.json")
    .option("--typename", "add __typename to every set of fields, as the clients of Apollo and urql do when they send")
    .option("--exclude <name>", "a folder or file name to leave out; may be repeated", collect, [])
    .action(persist);
}

function persist(folder: string, { output, typename, exclude }: Options): void {
  const sources: SourceText[] = [];
  const problems: string[] = [];
  for (const file of filesOf(folder, new Set(exclude))) {
    const text = readFileSync(file, "utf8");
    const place = relative(folder, file);
    if (documents.has(extname(file))) sources.push({ place, text });
    else {
      for (const found of extractDocuments(text)) {
        const where = `${place}:${found.line}`;
        if (found.unreadable === undefined) sources.push({ place: where, text: found.text });
        else problems.push(`${where}: ${found.unreadable}`);
      }
    }
  }
  const built = buildManifest(sources, typename === true);
  problems.push(...built.problems);
  for (const problem of problems) tell(problem);
  const { operations } = built.manifest;
  if (problems.length > 0) {
    tell(`${problems.length} texts could not be put into the manifest; nothing was written`);
    process.exitCode = exitCodes.failed;
  } else if (operations.length === 0) {
    tell(`no operation was found in ${folder}`);
    process.exitCode = exitCodes.failed;
  } else {
    writeFileSync(output, `${JSON.stringify(built.manifest, null, 2)}\n`);
    say(
      `${operations.length} operations of ${new Set(sources.map(({ place }) => place.split(":")[0])).size} files are in ${output}`,
    );
  }
}

function filesOf(folder: string, exclude: ReadonlySet<string>): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new HeadgateError("usage", `there is no folder ${folder}`);
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((one, other) =>
    one.name < other.name ? -1 : 1,
  );
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.name.startsWith(".") || exclude.has(entry.name)) return [];
    // Links are not followed: what is worth reading stands in the folder, and a circle has no end.
    if (entry.isDirectory()) return foreign.has(entry.name) ? [] : filesOf(path, exclude);
    const ending = extname(entry.name);
    return entry.isFile() && (programs.has(ending) || documents.has(ending)) ? [path] : [];
  });
}

function collect(name: string, names: readonly string[]): readonly string[] {
  return [...names, name];
}

import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { type Command, Option } from "commander";
import { pageHeaders, securityHeaders } from "../guards/security-headers.ts";
import { type Build, buildPage, type PageResult, toManifest } from "../lib/csp/build-manifest.ts";
import { cspOption } from "../lib/csp/csp-option.ts";
import { type Field, formatForHost, type HostFormat, hostFormats } from "../lib/csp/host-config.ts";
import { readManifest } from "../lib/csp/manifest.ts";
import { compilePagePolicies } from "../lib/csp/page-policies.ts";
import { HeadgateError } from "../lib/error.ts";
import { findPolicyFile, loadPolicy } from "../policy/load.ts";
import { exitCodes, say, tell } from "./command.ts";

interface Options {
  readonly out?: string;
  readonly format: "manifest" | HostFormat;
  readonly policy?: string;
  readonly integrity?: boolean;
  readonly allowRefused?: boolean;
}

/** Adds the subcommand `build` to `headgate csp`. */
export function addCspBuild(csp: Command): void {
  csp
    .command("build")
    .description("Take down what the pages of a build run, for a policy by hash.")
    .argument("<folder>", "the folder of the build")
    .option("-o, --out <file>", "where to write; standard output unless said")
    .addOption(
      new Option("-f, --format <format>", "a manifest for the gateway, or the configuration of a host without it")
        .choices(["manifest", ...hostFormats])
        .default("manifest"),
    )
    .option("-p, --policy <file>", "the policy file, whose `csp` and `securityHeaders` a host is to send")
    .option("--integrity", "write `integrity` into the pages for every script and style sheet of the build")
    .option("--allow-refused", "succeed although pages hold something that the policy will refuse")
    .action(build);
}

async function build(folder: string, options: Options): Promise<void> {
  const root = resolve(folder);
  const files = findPages(root, folder);
  const results: PageResult[] = [];
  const around: Build = { read: (path) => readWithin(root, path) };
  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");
    const result = await buildPage({ file, text }, around, options.integrity === true);
    if (result.text !== text) writeFileSync(join(root, file), result.text);
    results.push(result);
  }

  const output = await write(results, options);
  if (options.out === undefined) say(output.trimEnd());
  else writeFileSync(options.out, output);
  tellProblems(results, options);
}

async function write(results: readonly PageResult[], { format, policy: named }: Options): Promise<string> {
  const manifest = `${JSON.stringify(toManifest(results), null, 2)}\n`;
  if (format === "manifest") return manifest;
  const declared = named === undefined ? undefined : (await loadPolicy(findPolicyFile(named, process.cwd()))).policy;
  // The options of guards are parsed by their own schemas, which the type of a policy does not know.
  const options = (declared?.parsed ?? {}) as { readonly csp?: unknown; readonly securityHeaders?: unknown };
  const policies = compilePagePolicies(
    (options.csp ?? cspOption.parse(undefined)) as ReturnType<typeof cspOption.parse>,
    {
      site: declared?.site.origin ?? "https://site.invalid",
      reports: declared?.parsed.reports && { path: declared.parsed.reports.path, client: "" },
      nonce: false,
      hashesOf: readManifest(manifest),
    },
  );
  const settings = options.securityHeaders ?? securityHeaders.options.parse(undefined);
  return formatForHost(format, {
    everywhere: toFields(pageHeaders(settings as Parameters<typeof pageHeaders>[0])),
    pages: results.map(({ name }) => ({ name, fields: toFields(policies.headersOf(name, 200, "")) })),
  });
}

function findPages(root: string, folder: string): readonly string[] {
  if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new HeadgateError("usage", `${folder} is no folder: name the one that the build wrote`);
  }
  const files = globSync("**/*.{html,htm}", { cwd: root }).map((file) => file.split(sep).join("/"));
  if (files.length === 0) throw new HeadgateError("usage", `${folder} holds no HTML file: build the site first`);
  return files.toSorted();
}

/** A file of the build by its path on the site; nothing outside of the folder. */
function readWithin(root: string, path: string): Uint8Array | undefined {
  let file: string;
  try {
    file = join(root, decodeURIComponent(path));
  } catch {
    return undefined;
  }
  if (relative(root, file).startsWith("..")) return undefined;
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file) : undefined;
}

function tellProblems(results: readonly PageResult[], { out, allowRefused }: Options): void {
  let refused = 0;
  for (const { file, problems } of results) {
    for (const { line, problem, fix, weight } of problems) {
      if (weight === "refused") refused += 1;
      tell(`${file}${line > 0 ? `:${line}` : ""}  ${problem}\n  ${fix}`);
    }
  }
  const inline = results.reduce((sum, { page }) => sum + page.scripts.length + page.styles.length, 0);
  const where = out === undefined ? "" : `, written to ${out}`;
  tell(
    `${count(results.length, "page")}, ${count(inline, "inline script or style", "inline scripts and styles")}${where}`,
  );
  if (refused > 0 && allowRefused !== true) {
    tell(`${count(refused, "place")} that the policy will refuse: mend them, or pass --allow-refused`);
    process.exitCode = exitCodes.failed;
  }
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

function toFields(flat: readonly string[]): readonly Field[] {
  return flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ""] as const] : []));
}

import { existsSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { dirname, extname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { HeadgateError } from "../lib/error.ts";
import { type CompiledPolicy, compilePolicy } from "./compile.ts";

/** File names that are looked for when none is given, in this order. */
export const policyFileNames = ["headgate.config.ts", "headgate.config.mjs", "headgate.config.json"] as const;

/** A policy from a file, and the files that it was made of: a change to any of them is a change of the policy. */
export interface LoadedPolicy {
  readonly policy: CompiledPolicy;
  readonly files: readonly string[];
}

/**
 * The policy file to use: the one named, or the first of the usual names in the folder.
 * @throws HeadgateError `policy-not-found`
 */
export function findPolicyFile(named: string | undefined, folder: string): string {
  if (named !== undefined) {
    const file = resolve(folder, named);
    if (existsSync(file)) return file;
    throw new HeadgateError("policy-not-found", `there is no policy file ${file}`);
  }
  const found = policyFileNames.map((name) => resolve(folder, name)).find((file) => existsSync(file));
  if (found) return found;
  throw new HeadgateError(
    "policy-not-found",
    `there is no policy here: none of ${policyFileNames.join(", ")} is in ${folder}. Name one with --policy.`,
  );
}

/**
 * Reads, judges and compiles a policy file.
 * @throws HeadgateError `policy-not-loadable` when the file does not run or parse; PolicyError when it is not a policy
 */
export async function loadPolicy(file: string): Promise<LoadedPolicy> {
  const { written, files } = file.endsWith(".json") ? readJson(file) : await importFresh(file);
  const policy = compilePolicy(written, file, dirname(file));
  return { policy, files: [...files, ...policy.files.paths] };
}

interface Written {
  readonly written: unknown;
  readonly files: readonly string[];
}

function readJson(file: string): Written {
  try {
    return { written: JSON.parse(readFileSync(file, "utf8")), files: [file] };
  } catch (cause) {
    throw notLoadable(file, cause);
  }
}

// In the source tree the file ends in `.ts`, in the package in `.js`, as this very module does.
const publicNames = new URL(`../index${extname(fileURLToPath(import.meta.url))}`, import.meta.url).href;
const generationKey = "headgate-generation";
const filesOfGeneration = new Map<string, Set<string>>();
let generations = 0;
let hooked = false;

/**
 * Imports a module and whatever it imports by relative path as if for the first time. A module once imported is never
 * read again under the same URL, so each load gives its files URLs of its own generation; packages keep theirs.
 */
async function importFresh(file: string): Promise<Written> {
  hookResolution();
  const generation = String((generations += 1));
  const files = new Set([file]);
  filesOfGeneration.set(generation, files);
  try {
    const module: unknown = await import(ofGeneration(pathToFileURL(file).href, generation));
    const written = (module as { readonly default?: unknown }).default;
    if (written === undefined) throw new Error("it has no default export; write `export default definePolicy({ … })`");
    return { written, files: [...files] };
  } catch (cause) {
    throw notLoadable(file, cause);
  } finally {
    filesOfGeneration.delete(generation);
  }
}

function hookResolution(): void {
  if (hooked) return;
  hooked = true;
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const generation = context.parentURL ? new URL(context.parentURL).searchParams.get(generationKey) : null;
      // A policy's `headgate` is the one that runs it, wherever the file lies and whatever is installed beside it.
      if (generation !== null && specifier === "headgate") return { url: publicNames, shortCircuit: true };
      const resolved = nextResolve(specifier, context);
      if (generation === null || !/^(\.|\/|file:)/.test(specifier)) return resolved;
      filesOfGeneration.get(generation)?.add(fileURLToPath(resolved.url));
      return { ...resolved, url: ofGeneration(resolved.url, generation) };
    },
  });
}

function ofGeneration(url: string, generation: string): string {
  const tagged = new URL(url);
  tagged.searchParams.set(generationKey, generation);
  return tagged.href;
}

function notLoadable(file: string, cause: unknown): HeadgateError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new HeadgateError("policy-not-loadable", `${file} cannot be loaded: ${message}`, { cause });
}

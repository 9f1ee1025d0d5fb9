import { readFileSync } from "node:fs";
import { resolve } from "node:path";

/** The files that a policy names: manifests, schemas. Each is read once, when the policy is judged. */
export interface PolicyFiles {
  /**
   * The file's text; the same for as long as the policy lives.
   * @throws Error saying which file and why
   */
  read(path: string): string;
  /** Absolute paths of what was asked for, found or not: a change to any of them is a change of the policy. */
  readonly paths: readonly string[];
}

/** Files by paths relative to the policy's folder. */
export function createPolicyFiles(folder: string): PolicyFiles {
  const texts = new Map<string, string>();
  const asked = new Set<string>();
  return {
    read(path) {
      const file = resolve(folder, path);
      asked.add(file);
      let text = texts.get(file);
      if (text === undefined) texts.set(file, (text = readText(path, file)));
      return text;
    },
    get paths() {
      return [...asked];
    },
  };
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unreadable";
    throw new Error(`the file "${path}" cannot be read (${code}): looked for ${file}`, { cause });
  }
}

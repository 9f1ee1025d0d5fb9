/** The attacks and the harmless texts that the injection shield is measured with, and how they are split. */
import { readdirSync, readFileSync } from "node:fs";
import type { TextProfile } from "../../src/lib/injection/attack-class.ts";

/** An attack and the kind of field in which it is sent. */
export interface Attack {
  /** The attack class that its author had in mind; another that refuses it is as good. */
  readonly kind: string;
  readonly field: string;
  readonly text: string;
}

/** A harmless text: what somebody would put into a field of that kind. */
export interface Benign {
  /** The file it stands in: names, code, languages and so on. */
  readonly subject: string;
  readonly context: TextProfile | "header" | "key";
  readonly field: string;
  readonly text: string;
}

/** Every attack, by class. */
export function readAttacks(): readonly Attack[] {
  return readFolder("attacks").map(({ file, row }) => ({ ...(row as Omit<Attack, "kind">), kind: file }));
}

/** Every harmless text, by subject. */
export function readBenign(): readonly Benign[] {
  return readFolder("benign").map(({ file, row }) => ({ ...(row as Omit<Benign, "subject">), subject: file }));
}

/**
 * Whether an attack is kept out of sight while detectors are written: a third, chosen by a hash of its text, so that
 * nobody chooses. Detection on these says more than on those that the detectors were fitted to.
 */
export function isHeldOut(text: string): boolean {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return (hash >>> 8) % 3 === 0;
}

function readFolder(folder: string): { readonly file: string; readonly row: unknown }[] {
  const root = new URL(`./${folder}/`, import.meta.url);
  return readdirSync(root)
    .filter((file) => file.endsWith(".ndjson"))
    .sort()
    .flatMap((file) =>
      readFileSync(new URL(file, root), "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => ({ file: file.replace(/\.ndjson$/, ""), row: JSON.parse(line) as unknown })),
    );
}

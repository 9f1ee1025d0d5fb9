import { isRecord } from "../own-path.ts";
import type { FieldProfiles } from "./field-profiles.ts";
import { type Finding, isHarmless, type TextJudge } from "./judge-text.ts";

/** What was found, and where. */
export interface PlacedFinding extends Finding {
  /** The keys from the root to the value; the last is the refused name where `isName` is set. */
  readonly path: readonly (string | number)[];
  /** Whether the name of a member was refused, not its value. */
  readonly isName: boolean;
}

/**
 * Judges every text and every name of parsed data, whatever its depth: the parser has bounded both. Numbers, booleans and
 * null are no attack.
 */
export function judgeTree(root: unknown, judge: TextJudge, fields: FieldProfiles): PlacedFinding | undefined {
  const path: (string | number)[] = [];
  return walk(root);

  function walk(value: unknown): PlacedFinding | undefined {
    if (typeof value === "string") return place(judgeField(value));
    if (Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) {
        const element: unknown = value[index];
        if (typeof element !== "string" && (typeof element !== "object" || element === null)) continue;
        const found = step(index, element);
        if (found) return found;
      }
      return undefined;
    }
    if (!isRecord(value)) return undefined;
    for (const key of Object.keys(value)) {
      const name = judge.judgeName(key);
      if (name) return { ...name, path: [...path, key], isName: true };
      const found = step(key, value[key]);
      if (found) return found;
    }
    return undefined;
  }

  function step(key: string | number, value: unknown): PlacedFinding | undefined {
    path.push(key);
    const found = walk(value);
    path.pop();
    return found;
  }

  function judgeField(text: string): Finding | undefined {
    if (isHarmless(text)) return undefined;
    const profile = fields.isUniform ? "typed" : fields.profileOf(toFieldPath(path));
    return profile && judge.judge(text, profile);
  }

  function place(found: Finding | undefined): PlacedFinding | undefined {
    return found && { ...found, path: [...path], isName: false };
  }
}

/** `["blocks", 3, "html"]` as `blocks[].html`. */
export function toFieldPath(path: readonly (string | number)[]): string {
  let written = "";
  for (const key of path) written += typeof key === "number" ? "[]" : written === "" ? key : `.${key}`;
  return written;
}

/** Names that may be repeated in an answer: nothing in them is more than a name. */
const plainName = /^[\w-]{1,64}$/;

/** A JSON pointer (RFC 6901) that ends before the first name that is more than a plain name. */
export function toPlainPointer(path: readonly (string | number)[]): string {
  let pointer = "";
  for (const key of path) {
    if (typeof key === "string" && !plainName.test(key)) break;
    pointer += `/${key}`;
  }
  return pointer;
}

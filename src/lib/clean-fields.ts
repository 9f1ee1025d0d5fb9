import type { FieldNode } from "./field-path.ts";
import { collectFieldTexts, type FieldText } from "./field-texts.ts";
import { replaceTexts } from "./replace-texts.ts";
import type { Cleaner } from "./sanitizer.ts";

/** What became of a value's declared fields. */
export type CleanedFields =
  | {
      readonly kind: "cleaned";
      /** The very same value where nothing had to be cleaned. */
      readonly value: unknown;
      /** How many fields are not as they were. */
      readonly count: number;
      /** The path of the first field of which nothing is left. */
      readonly emptied: readonly (string | number)[] | undefined;
    }
  | { readonly kind: "misfit"; readonly reason: string };

/** So many texts of one value are with the workers at a time: one long list must not fill the queue for everybody. */
const atOnce = 8;

/**
 * Cleans the declared fields of a value, which itself is not changed. Stays synchronous where every text was cleaned before.
 * @throws HeadgateError as cleaners do
 */
export function cleanFields(value: unknown, fields: FieldNode<Cleaner>): CleanedFields | Promise<CleanedFields> {
  const found = collectFieldTexts(value, fields);
  if (found.misfit !== undefined) return { kind: "misfit", reason: found.misfit };
  const clean: string[] = [];
  for (const [at, { text, leaf }] of found.texts.entries()) {
    const result = leaf.clean(text);
    if (result instanceof Promise) return cleanRest(value, found.texts, clean, at, result);
    clean.push(result);
  }
  return conclude(value, found.texts, clean);
}

async function cleanRest(
  value: unknown,
  texts: readonly FieldText<Cleaner>[],
  clean: string[],
  from: number,
  first: Promise<string>,
): Promise<CleanedFields> {
  clean.push(await first);
  for (let at = from + 1; at < texts.length; at += atOnce) {
    // In functions of their own, so that what one throws at once is not thrown while others are still awaited.
    const some = texts.slice(at, at + atOnce).map(async ({ text, leaf }) => leaf.clean(text));
    clean.push(...(await Promise.all(some)));
  }
  return conclude(value, texts, clean);
}

function conclude(value: unknown, texts: readonly FieldText<Cleaner>[], clean: readonly string[]): CleanedFields {
  const changed = texts.flatMap(({ path, text }, at) => {
    const result = clean[at] ?? "";
    return result === text ? [] : [{ path, text: result, isEmptied: result.trim() === "" && text.trim() !== "" }];
  });
  return {
    kind: "cleaned",
    value: changed.length === 0 ? value : replaceTexts(value, changed),
    count: changed.length,
    emptied: changed.find(({ isEmptied }) => isEmptied)?.path,
  };
}

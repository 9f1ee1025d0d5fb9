import { encodingsOf } from "./encodings.ts";
import { createByteFinder } from "../lib/byte-finder.ts";
import type { Secret } from "./secret.ts";

/** Finds secret values in texts, and takes them out. */
export interface Redactor {
  /** The length of the longest form: whoever redacts a stream keeps one less of it back between two parts. */
  readonly maxFormLength: number;
  /** The text with every known value, in every usual encoding, replaced by its secret's name. */
  redact(text: string): string;
  /** The name of the first secret whose value stands in the text, in any usual encoding. */
  find(text: string): string | undefined;
  /** The same for bytes of UTF-8. */
  findIn(bytes: Uint8Array): string | undefined;
  /** How many bytes at the end may be the beginning of a value. */
  beginningAtEnd(bytes: Uint8Array): number;
}

interface Form {
  readonly text: string;
  readonly replacement: string;
  readonly name: string;
}

/**
 * Builds a redactor for these secrets. It holds their values, so it is as confidential as they are.
 *
 * One pass over the text: two neighbouring characters tell nearly always that no form begins there; where one may, the
 * forms with that beginning are compared, longest first. So the time grows with the text, whatever it holds.
 */
export function createRedactor(secrets: Iterable<Secret>): Redactor {
  const beginnings = new Map<number, Form[]>();
  const mayBegin = new Uint8Array(65_536);
  let maxFormLength = 0;
  for (const secret of secrets) {
    for (const text of secret.use(encodingsOf)) {
      const beginning = beginningAt(text, 0);
      mayBegin[beginning] = 1;
      beginnings.set(beginning, [
        ...(beginnings.get(beginning) ?? []),
        { text, replacement: secret.toString(), name: secret.name },
      ]);
      maxFormLength = Math.max(maxFormLength, text.length);
    }
  }
  for (const forms of beginnings.values()) forms.sort((a, b) => b.text.length - a.text.length);
  const all = [...beginnings.values()].flat();
  const finder = createByteFinder(all.map(({ text }) => text));

  /** The form that stands at this place, if one does. */
  function formAt(text: string, at: number): Form | undefined {
    const beginning = beginningAt(text, at);
    if (mayBegin[beginning] === 0) return undefined;
    return beginnings.get(beginning)?.find((candidate) => text.startsWith(candidate.text, at));
  }

  return {
    maxFormLength,
    find(text) {
      if (maxFormLength === 0) return undefined;
      for (let at = 0; at < text.length - 1; at++) {
        const form = formAt(text, at);
        if (form) return form.name;
      }
      return undefined;
    },
    findIn(bytes) {
      let name: string | undefined;
      finder.search(bytes, (_, index) => {
        name = all[index]?.name;
        return true;
      });
      return name;
    },
    beginningAtEnd: (bytes) => finder.beginningAtEnd(bytes),
    redact(text) {
      let redacted = "";
      let kept = 0;
      for (let at = 0; at < text.length - 1; at++) {
        const form = formAt(text, at);
        if (!form) continue;
        redacted += text.slice(kept, at) + form.replacement;
        kept = at + form.text.length;
        at = kept - 1;
      }
      return kept === 0 ? text : redacted + text.slice(kept);
    },
  };
}

/** Two characters as one number; characters beyond Latin-1 may collide, which costs a comparison and no more. */
function beginningAt(text: string, at: number): number {
  return ((text.charCodeAt(at) & 0xff) << 8) | (text.charCodeAt(at + 1) & 0xff);
}

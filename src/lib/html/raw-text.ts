import { nameStandsAt } from "./element-name.ts";

/**
 * Elements whose content a browser reads as text and not as markup, with scripting on. In SVG and MathML some of them are
 * read as markup; they count as text here too, so that less is taken for a tag and never more.
 */
export const rawTextElements = [
  "script",
  "style",
  "title",
  "textarea",
  "xmp",
  "iframe",
  "noembed",
  "noframes",
  "noscript",
  "plaintext",
] as const;

/** Within a script: plain, behind `<!--`, or behind `<!--` and a further `<script`. */
type Escape = 0 | 1 | 2;

/** The search for the end of a raw text element, through as many parts as its content comes in. */
export interface RawTextEnd {
  /**
   * The index of the `<` of the end tag in these bytes from `from` on; -1 where it is not there. Then `undecided` is where
   * the next part has to begin: at a `<` of which more has to be seen, or behind the last byte.
   */
  find(bytes: Uint8Array, from: number): number;
  readonly undecided: number;
}

/** Looks for the end of an element of that (lower-case) name. */
export function createRawTextEnd(name: string): RawTextEnd {
  if (name === "plaintext") return new NoEnd();
  return name === "script" ? new ScriptEnd() : new SimpleEnd(name);
}

class NoEnd implements RawTextEnd {
  undecided = 0;

  find(bytes: Uint8Array): number {
    this.undecided = bytes.length;
    return -1;
  }
}

class SimpleEnd implements RawTextEnd {
  readonly #name: string;
  undecided = 0;

  constructor(name: string) {
    this.#name = name;
  }

  find(bytes: Uint8Array, from: number): number {
    for (let at = bytes.indexOf(0x3c, from); at >= 0; at = bytes.indexOf(0x3c, at + 1)) {
      const ends = standsAt(bytes, at + 1, this.#name, true);
      if (ends === true) return at;
      if (ends === undefined) {
        this.undecided = at;
        return -1;
      }
    }
    this.undecided = bytes.length;
    return -1;
  }
}

/** The script data states of the HTML standard (sections 13.2.5.15 to 13.2.5.31). */
class ScriptEnd implements RawTextEnd {
  #escape: Escape = 0;
  /** Hyphens just before, two at most, while escaped. */
  #hyphens = 0;
  undecided = 0;

  find(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length) {
      if (this.#escape === 0) {
        const next = bytes.indexOf(0x3c, at);
        if (next < 0) break;
        at = next;
      }
      const byte = bytes[at];
      if (byte !== 0x3c) {
        if (byte === 0x2d) this.#hyphens = Math.min(2, this.#hyphens + 1);
        else {
          if (byte === 0x3e && this.#hyphens === 2) this.#escape = 0;
          this.#hyphens = 0;
        }
        at += 1;
        continue;
      }
      const verdict = this.#judge(bytes, at);
      if (verdict === "end") return at;
      if (verdict === "more") {
        this.undecided = at;
        return -1;
      }
      at += verdict;
    }
    this.undecided = bytes.length;
    return -1;
  }

  /** What a `<` begins: the end tag, something of which more must be seen, or so many bytes to go on behind. */
  #judge(bytes: Uint8Array, at: number): "end" | "more" | number {
    if (this.#escape === 0 && bytes[at + 1] === 0x21) return this.#judgeComment(bytes, at);
    this.#hyphens = 0;
    const isEndTag = standsAt(bytes, at + 1, "script", true);
    const isStartTag = this.#escape === 1 ? standsAt(bytes, at + 1, "script", false) : false;
    if (isEndTag === undefined || isStartTag === undefined) return "more";
    if (isEndTag && this.#escape < 2) return "end";
    if (isEndTag) this.#escape = 1;
    else if (isStartTag) this.#escape = 2;
    return isEndTag ? "</script".length + 1 : isStartTag ? "<script".length + 1 : 1;
  }

  #judgeComment(bytes: Uint8Array, at: number): "more" | number {
    for (const [index, wanted] of [0x2d, 0x2d].entries()) {
      const byte = bytes[at + 2 + index];
      if (byte === undefined) return "more";
      if (byte !== wanted) return 2;
    }
    this.#escape = 1;
    this.#hyphens = 2;
    return 4;
  }
}

/** Whether a tag of that name begins behind a `<`; undefined where the bytes end before that can be said. */
function standsAt(bytes: Uint8Array, from: number, name: string, end: boolean): boolean | undefined {
  if (!end) return nameStandsAt(bytes, from, name);
  const slash = bytes[from];
  return slash === 0x2f ? nameStandsAt(bytes, from + 1, name) : slash === undefined ? undefined : false;
}

import { joinBytes } from "../byte-stream.ts";
import { createCommentEnd } from "./comment-end.ts";
import { ContentCapture, type ContentEdit } from "./content-capture.ts";
import { createNameReader } from "./element-name.ts";
import { createRawTextEnd, type RawTextEnd, rawTextElements } from "./raw-text.ts";
import { readStartTag, type StartTag } from "./start-tag.ts";
import { findTagEnd, type TagEnd } from "./tag-end.ts";

/** What becomes of one start tag. */
export interface TagEdit {
  /** Attributes to take out, as they stand in the tag. */
  readonly remove?: readonly { readonly start: number; readonly end: number }[];
  /** Attributes to put first, as they are written: ` nonce="abc"`. */
  readonly add?: string;
  /** Judges the content of a raw text element: what stands in its place, or undefined to leave it. */
  readonly content?: ContentEdit;
}

/** What is to be changed in a document, by element. */
export interface ElementRule {
  /** In lower case. */
  readonly elements: readonly string[];
  edit(tag: StartTag): TagEdit | undefined;
}

/** A document on its way through: parts in, parts out. */
export interface HtmlRewriter {
  /** What can be sent on: all of the part but an unfinished tag at its end. */
  push(part: Uint8Array): readonly Uint8Array[];
  /** The rest. */
  end(): readonly Uint8Array[];
}

/** A tag longer than this is nobody's: it and all that follows pass as they are. */
const maxTagBytes = 64 * 1024;

const encoder = new TextEncoder();

/**
 * Finds the start tags of an HTML document in UTF-8, or in any encoding that writes ASCII as ASCII does, and edits those
 * that a rule names. It reads tags, comments and raw text as the tokenizer of the HTML standard does (section 13.2.5), not
 * the tree: where that depends on the tree (SVG, `select`), it sees less tags than a browser and never more of them.
 *
 * Linear in the document's length. It holds no more than one unfinished tag, and of content no more than a rule asks for.
 */
export function createHtmlRewriter(rules: readonly ElementRule[]): HtmlRewriter {
  return new Rewriter(rules);
}

type Mode = "data" | "tag" | "bogus" | "comment" | "raw" | "rest";

class Rewriter implements HtmlRewriter {
  readonly #rules: readonly ElementRule[];
  readonly #nameOf: (bytes: Uint8Array, from: number) => string | undefined;
  #mode: Mode = "data";
  /** Bytes of an unfinished construct, and how far they were looked through. */
  #held: Uint8Array | undefined;
  #seen = 0;
  #tagStart = 0;
  readonly #tagEnd: TagEnd = { end: -1, state: "name" };
  #comment = createCommentEnd();
  #raw: RawTextEnd | undefined;
  #capture: ContentCapture | undefined;
  #out: Uint8Array[] = [];
  /** Up to where the bytes at hand were sent on. */
  #sent = 0;

  constructor(rules: readonly ElementRule[]) {
    this.#rules = rules;
    this.#nameOf = createNameReader([...rules.flatMap(({ elements }) => elements), ...rawTextElements]);
  }

  push(part: Uint8Array): readonly Uint8Array[] {
    const bytes = this.#held ? joinBytes([this.#held, part]) : part;
    this.#out = [];
    this.#sent = 0;
    const hold = this.#scan(bytes, this.#seen);
    this.#send(bytes, hold);
    this.#held = hold < bytes.length ? bytes.subarray(hold) : undefined;
    this.#tagStart -= hold;
    this.#seen -= hold;
    return this.#out;
  }

  end(): readonly Uint8Array[] {
    this.#out = [];
    this.#sent = 0;
    // What never ended passes as it is: browsers make no element of an unfinished tag.
    if (this.#held) this.#send(this.#held, this.#held.length);
    return this.#out;
  }

  /** Goes through the bytes and gives back from where on they have to be held; `#seen` is where to go on. */
  #scan(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length) {
      const next = this.#step(bytes, at);
      if (next < 0) return ~next;
      at = next;
    }
    this.#seen = bytes.length;
    return this.#mode === "tag" ? this.#tagStart : bytes.length;
  }

  /** One construct: where the next begins, or the complement of where the bytes have to be held from. */
  #step(bytes: Uint8Array, at: number): number {
    switch (this.#mode) {
      case "data": {
        const tag = bytes.indexOf(0x3c, at);
        return tag < 0 ? bytes.length : this.#open(bytes, tag);
      }
      case "tag":
        return this.#findTag(bytes, at);
      case "comment":
        return this.#leave(bytes, this.#comment.find(bytes, at));
      case "bogus":
        return this.#leave(bytes, bytes.indexOf(0x3e, at) + 1 || -1);
      case "raw":
        return this.#findRawEnd(bytes, at);
      case "rest":
        return bytes.length;
    }
  }

  /** What a `<` begins (13.2.5.6 and 13.2.5.42). */
  #open(bytes: Uint8Array, at: number): number {
    const next = bytes[at + 1];
    if (isLetter(next)) return this.#enterTag(at, at + 1);
    if (next === 0x2f) {
      const third = bytes[at + 2];
      if (isLetter(third)) return this.#enterTag(at, at + 2);
      if (third === 0x3e) return at + 3;
      if (third !== undefined) return this.#enter("bogus", at + 2);
    } else if (next === 0x21) {
      const [third, fourth] = [bytes[at + 2], bytes[at + 3]];
      if (third === 0x2d && fourth === 0x2d) {
        this.#comment = createCommentEnd();
        return this.#enter("comment", at + 4);
      }
      // Doctypes and sections outside of SVG and MathML end at the first `>` too.
      if (third !== undefined && (third !== 0x2d || fourth !== undefined)) return this.#enter("bogus", at + 2);
    } else if (next !== undefined) {
      return next === 0x3f ? this.#enter("bogus", at + 1) : at + 1;
    }
    this.#seen = at;
    return ~at;
  }

  #enter(mode: Mode, at: number): number {
    this.#mode = mode;
    return at;
  }

  #leave(bytes: Uint8Array, end: number): number {
    if (end < 0) return bytes.length;
    this.#mode = "data";
    return end;
  }

  #enterTag(start: number, at: number): number {
    this.#tagStart = start;
    this.#tagEnd.state = "name";
    return this.#enter("tag", at);
  }

  #findTag(bytes: Uint8Array, at: number): number {
    findTagEnd(bytes, at, this.#tagEnd);
    const { end } = this.#tagEnd;
    if (end < 0) {
      if (bytes.length - this.#tagStart > maxTagBytes) this.#mode = "rest";
      return bytes.length;
    }
    this.#mode = "data";
    if (bytes[this.#tagStart + 1] !== 0x2f) this.#judge(bytes, end);
    return end;
  }

  #judge(bytes: Uint8Array, end: number): void {
    const name = this.#nameOf(bytes, this.#tagStart + 1);
    if (name === undefined) return;
    if (isRawText(name)) {
      this.#mode = "raw";
      this.#raw = createRawTextEnd(name);
    }
    let tag: StartTag | undefined;
    let content: ContentEdit | undefined;
    for (const rule of this.#rules) {
      if (!rule.elements.includes(name)) continue;
      tag ??= readStartTag(bytes.subarray(this.#tagStart, end));
      const edit = rule.edit(tag);
      if (edit) this.#apply(bytes, name, edit);
      content ??= edit?.content;
    }
    if (content === undefined || this.#mode !== "raw") return;
    this.#send(bytes, end);
    this.#capture = new ContentCapture(content);
  }

  #apply(bytes: Uint8Array, name: string, { add, remove = [] }: TagEdit): void {
    if (add !== undefined) {
      this.#send(bytes, this.#tagStart + 1 + name.length);
      this.#put(encoder.encode(add));
    }
    for (const { start, end } of remove) {
      this.#send(bytes, this.#tagStart + start);
      this.#sent = this.#tagStart + end;
    }
  }

  #findRawEnd(bytes: Uint8Array, at: number): number {
    const raw = this.#raw as RawTextEnd;
    const end = raw.find(bytes, at);
    if (end < 0) {
      this.#seen = raw.undecided;
      return raw.undecided < bytes.length ? ~raw.undecided : bytes.length;
    }
    if (this.#capture) {
      this.#send(bytes, end);
      const content = this.#capture.end();
      this.#capture = undefined;
      this.#put(content);
    }
    return this.#enterTag(end, end + 2);
  }

  #send(bytes: Uint8Array, to: number): void {
    if (to <= this.#sent) return;
    this.#put(bytes.subarray(this.#sent, to));
    this.#sent = to;
  }

  #put(piece: Uint8Array): void {
    if (this.#capture) this.#capture.add(piece);
    else this.#out.push(piece);
  }
}

function isLetter(byte: number | undefined): boolean {
  return byte !== undefined && (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a;
}

const rawText: ReadonlySet<string> = new Set(rawTextElements);

function isRawText(name: string): boolean {
  return rawText.has(name);
}

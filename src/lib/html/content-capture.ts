import { joinBytes } from "../byte-stream.ts";

/** A look at the whole content of an element that a browser reads as text. */
export interface ContentEdit {
  /** Bytes of the longest content that is held; of longer ones, all from there on is left out. */
  readonly maxBytes: number;
  replace(content: Uint8Array): Uint8Array | undefined;
}

/** Content that is held until its end was seen. */
export class ContentCapture {
  readonly #edit: ContentEdit;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(edit: ContentEdit) {
    this.#edit = edit;
  }

  add(piece: Uint8Array): void {
    this.#length += piece.length;
    if (this.#length > this.#edit.maxBytes) this.#pieces = [];
    else this.#pieces.push(piece);
  }

  end(): Uint8Array {
    const content = joinBytes(this.#pieces);
    return this.#length > this.#edit.maxBytes ? content : (this.#edit.replace(content) ?? content);
  }
}

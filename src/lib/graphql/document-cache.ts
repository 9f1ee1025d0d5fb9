import type { ReadDocument } from "./document.ts";

/** How much is remembered of documents. */
export interface DocumentCacheLimits {
  readonly maxEntries: number;
  /** Of all documents together, and of what was read of them. */
  readonly maxBytes: number;
}

/** Documents that were read before, by their very text: no two texts share an entry, as they could share a hash. */
export interface DocumentCache {
  get(text: string): ReadDocument;
  readonly entries: number;
  readonly bytes: number;
}

/** Half of what may be remembered: it fills up, and then takes the place of the other half. */
interface Half {
  /** Undefined: the text was seen once. */
  readonly documents: Map<string, ReadDocument | undefined>;
  bytes: number;
}

/**
 * Remembers what was read of documents. A frontend sends the same few hundred; a stranger sends a new one each time, so of
 * a text that comes for the first time only the text itself is kept: else a flood of new ones would fill the old
 * generation of the heap, and cost more in collections than in reading.
 *
 * Two halves: what is asked for moves to the younger one, and when that is full, whatever was not asked for meanwhile is
 * forgotten with the older one. That costs one look at a table where an order of use would cost three. What is large
 * beside the whole is not kept at all.
 */
export function createDocumentCache(
  read: (text: string) => ReadDocument,
  { maxEntries, maxBytes }: DocumentCacheLimits,
): DocumentCache {
  let young: Half = { documents: new Map(), bytes: 0 };
  let old: Half = { documents: new Map(), bytes: 0 };

  function keep(text: string, document: ReadDocument | undefined): void {
    const bytes = sizeOf(text, document);
    if (bytes > maxBytes / 8 || maxEntries < 2) return;
    const before = young.documents.has(text) ? sizeOf(text, young.documents.get(text)) : undefined;
    const entries = young.documents.size + (before === undefined ? 1 : 0);
    if (entries > maxEntries / 2 || young.bytes - (before ?? 0) + bytes > maxBytes / 2) {
      old = young;
      young = { documents: new Map(), bytes: 0 };
    } else young.bytes -= before ?? 0;
    young.documents.set(text, document);
    young.bytes += bytes;
  }

  return {
    get(text) {
      const known = young.documents.get(text);
      if (known) return known;
      const isKnown = young.documents.has(text) || old.documents.has(text);
      const document = old.documents.get(text) ?? read(text);
      keep(text, isKnown ? document : undefined);
      return document;
    },
    get entries() {
      return young.documents.size + old.documents.size;
    },
    get bytes() {
      return young.bytes + old.bytes;
    },
  };
}

/** A text has two bytes for each unit at most. */
function sizeOf(text: string, document: ReadDocument | undefined): number {
  return 64 + 2 * text.length + (document && document.refused === undefined ? document.bytes : 0);
}

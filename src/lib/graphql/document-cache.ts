import type { ReadDocument } from "./document.ts";

/** How much is remembered of documents. */
export interface DocumentCacheLimits {
  readonly maxEntries: number;
  /** UTF-16 units of all documents together. */
  readonly maxUnits: number;
}

/** Documents that were read before, by their very text: no two texts share an entry, as they could share a hash. */
export interface DocumentCache {
  get(text: string): ReadDocument;
  readonly entries: number;
  readonly units: number;
}

/** Half of what may be remembered: it fills up, and then takes the place of the other half. */
interface Half {
  /** Undefined: the text was seen once. */
  readonly documents: Map<string, ReadDocument | undefined>;
  units: number;
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
  { maxEntries, maxUnits }: DocumentCacheLimits,
): DocumentCache {
  let young: Half = { documents: new Map(), units: 0 };
  let old: Half = { documents: new Map(), units: 0 };

  function keep(text: string, document: ReadDocument | undefined): void {
    if (text.length > maxUnits / 16 || maxEntries < 2) return;
    const isNew = !young.documents.has(text);
    if (isNew && (young.documents.size + 1 > maxEntries / 2 || young.units + text.length > maxUnits / 2)) {
      old = young;
      young = { documents: new Map(), units: 0 };
    }
    young.documents.set(text, document);
    if (isNew) young.units += text.length;
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
    get units() {
      return young.units + old.units;
    },
  };
}

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

/**
 * Remembers what was read of documents. A frontend sends the same few hundred; a stranger sends a new one each time, so
 * what was not asked for longest goes first, and a document that is large beside the whole is not kept at all.
 */
export function createDocumentCache(
  read: (text: string) => ReadDocument,
  { maxEntries, maxUnits }: DocumentCacheLimits,
): DocumentCache {
  // A Map keeps the order in which entries were set: the first is the one that was not asked for longest.
  const known = new Map<string, ReadDocument>();
  let units = 0;
  let last: { readonly text: string; readonly document: ReadDocument } | undefined;

  function forgetOldest(): void {
    for (const text of known.keys()) {
      known.delete(text);
      units -= text.length;
      return;
    }
  }

  return {
    get(text) {
      if (last?.text === text) return last.document;
      let document = known.get(text);
      if (document) known.delete(text);
      else {
        document = read(text);
        if (text.length > maxUnits / 8) return document;
        units += text.length;
      }
      known.set(text, document);
      last = { text, document };
      while (known.size > maxEntries || units > maxUnits) forgetOldest();
      return document;
    },
    get entries() {
      return known.size;
    },
    get units() {
      return units;
    },
  };
}

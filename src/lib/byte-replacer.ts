import { joinBytes, transformBytes } from "./byte-stream.ts";

/** A text of ASCII characters and what stands in its place. */
export interface Replacement {
  readonly find: string;
  readonly replace: string;
}

/** Says whether the bytes at `end`, behind a found text, make it part of something longer that must stay. */
export interface Continuation {
  /** The most bytes that `continues` looks at. */
  readonly lookahead: number;
  continues(bytes: Uint8Array, end: number): boolean;
}

/** Puts texts in place of others, in bytes of any ASCII-compatible encoding. Time is linear in the input's length. */
export interface ByteReplacer {
  /** The same array where there is nothing to replace. */
  whole(bytes: Uint8Array): Uint8Array;
  /** Holds back only the few bytes that may be the beginning of a text; chunks may cut a text anywhere. */
  stream(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
}

interface Entry {
  readonly find: Uint8Array;
  readonly replace: Uint8Array;
}

const encoder = new TextEncoder();
const nothing = new Uint8Array();

/** Makes a replacer; of several texts that begin at one place the longest is taken. */
export function createByteReplacer(replacements: readonly Replacement[], continuation: Continuation): ByteReplacer {
  const entries = replacements
    .map(({ find, replace }): Entry => ({ find: encoder.encode(find), replace: encoder.encode(replace) }))
    .sort((a, b) => b.find.length - a.find.length);
  const held = (entries[0]?.find.length ?? 1) - 1 + continuation.lookahead;

  // Horspool's search for several texts at once: the byte at the end of a window as wide as the shortest text says which
  // texts may begin where the window does, and how far the window may move when none does.
  const width = entries.at(-1)?.find.length ?? 1;
  const candidates: (readonly Entry[] | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
    const fitting = entries.filter(({ find }) => find[width - 1] === byte);
    return fitting.length > 0 ? fitting : undefined;
  });
  const moves = new Uint16Array(256).fill(width);
  for (let index = 0; index < width - 1; index += 1) {
    for (const { find } of entries) moves[find[index] ?? 0] = width - 1 - index;
  }

  function entryAt(bytes: Uint8Array, at: number, windowEnd: number): Entry | undefined {
    return candidates[windowEnd]?.find(
      ({ find }) => startsWith(bytes, at, find) && !continuation.continues(bytes, at + find.length),
    );
  }

  /** Replaces what begins before `limit`; the pieces of the result and where it stopped reading. */
  function replaceBefore(bytes: Uint8Array, limit: number): { readonly pieces: Uint8Array[]; readonly end: number } {
    const pieces: Uint8Array[] = [];
    let copied = 0;
    let at = 0;
    for (const end = Math.min(limit, bytes.length - width + 1); at < end;) {
      const windowEnd = bytes[at + width - 1] ?? 0;
      const entry = candidates[windowEnd] && entryAt(bytes, at, windowEnd);
      if (entry === undefined) {
        at += moves[windowEnd] ?? 1;
        continue;
      }
      pieces.push(bytes.subarray(copied, at), entry.replace);
      copied = at += entry.find.length;
    }
    // No text begins before the limit any more; what stands behind it is judged when more of it is there.
    at = Math.max(copied, limit, 0);
    if (copied < at) pieces.push(bytes.subarray(copied, at));
    return { pieces, end: at };
  }

  return {
    whole(bytes) {
      const { pieces } = replaceBefore(bytes, bytes.length);
      return pieces.length > 1 ? joinBytes(pieces) : bytes;
    },
    stream(source) {
      let carried = nothing;
      return transformBytes(source, (chunk) => {
        const bytes = chunk === undefined ? carried : joinBytes([carried, chunk]);
        const { pieces, end } = replaceBefore(bytes, chunk === undefined ? bytes.length : bytes.length - held);
        carried = bytes.slice(end);
        return joinBytes(pieces);
      });
    },
  };
}

function startsWith(bytes: Uint8Array, at: number, text: Uint8Array): boolean {
  if (at + text.length > bytes.length) return false;
  for (let index = 0; index < text.length; index += 1) if (bytes[at + index] !== text[index]) return false;
  return true;
}

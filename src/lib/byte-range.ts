/** A part of a representation: from the byte `start` up to, not including, the byte `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Reads a Range field (RFC 9110 section 14.2) for a representation of `size` bytes.
 *
 * `undefined` means: send the whole, which a server may always do. That is the answer to units other than bytes, to what
 * does not follow the grammar, and to several ranges at once: many small ranges of one file cost the server far more than
 * the client (CVE-2011-3192). `"unsatisfiable"` is for a well-formed range that begins behind the end.
 */
export function parseByteRange(field: string, size: number): ByteRange | "unsatisfiable" | undefined {
  const [, first, last] = /^bytes=(\d{1,15})?-(\d{1,15})?$/i.exec(field.trim()) ?? [];
  if (first === undefined) {
    if (last === undefined) return undefined;
    const length = Math.min(Number(last), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(first);
  if (last !== undefined && Number(last) < start) return undefined;
  if (start >= size) return "unsatisfiable";
  return { start, end: last === undefined ? size : Math.min(Number(last) + 1, size) };
}

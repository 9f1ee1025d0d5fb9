import { parseMediaType } from "./media-type.ts";
import { parsePartHeader } from "./multipart-part.ts";
import { reachesPrototype } from "./pairs.ts";

/** A form field or a file of multipart/form-data. */
export type Part =
  | { readonly kind: "field"; readonly name: string; readonly value: string; readonly contentType?: string }
  | {
      readonly kind: "file";
      readonly name: string;
      /** Without any path; empty where a file input was left empty. */
      readonly fileName: string;
      /** As the client declared it: compare it with what the bytes say. */
      readonly contentType?: string;
      /** A view of the body that was parsed, not a copy. */
      readonly content: Uint8Array;
    };

/** How much a multipart body may hold. */
export interface MultipartRules {
  /** 100 unless told. */
  readonly maxParts?: number;
  /** Of one part; 4096 unless told. */
  readonly maxHeaderBytes?: number;
  /** Characters of the name of a part and of a file; 256 unless told. */
  readonly maxNameLength?: number;
  /** Of one field; 65536 unless told. */
  readonly maxFieldBytes?: number;
  /** Of one file; no limit of its own unless told. */
  readonly maxFileBytes?: number;
  /** Whether several parts may have that name; by default none may. */
  mayRepeat?(name: string): boolean;
}

/** The parts in order, or what is wrong with the body. */
export type ParsedMultipart =
  | { readonly parts: readonly Part[]; readonly refused?: undefined }
  | { readonly refused: string; readonly isTooLarge: boolean };

const encoder = new TextEncoder();
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const emptyLine = encoder.encode("\r\n\r\n");

/** The boundary that a multipart/form-data content type names (RFC 2046 section 5.1.1), if it is one. */
export function boundaryOf(contentType: string): string | undefined {
  const mediaType = parseMediaType(contentType);
  const boundary = mediaType?.essence === "multipart/form-data" ? mediaType.parameters.get("boundary") : undefined;
  return boundary !== undefined && isBoundary(boundary) ? boundary : undefined;
}

/**
 * Reads a whole multipart/form-data body (RFC 7578). There is no text before the first and none behind the last
 * delimiter, no padding, no bare line end: places where one parser sees a part that another does not.
 */
export function parseMultipart(bytes: Uint8Array, boundary: string, rules: MultipartRules = {}): ParsedMultipart {
  const { maxParts = 100, maxHeaderBytes = 4096, maxNameLength = 256 } = rules;
  if (!isBoundary(boundary)) return malformed("an invalid boundary");
  // The line break belongs to the delimiter that follows it; the first one has none.
  const delimiter = encoder.encode(`\r\n--${boundary}`);
  if (!isAt(bytes, delimiter.subarray(2), 0)) return malformed("something before the first part");
  const parts: Part[] = [];
  const names = new Set<string>();
  let at = delimiter.length - 2;
  while (!isTextAt(bytes, "--", at)) {
    if (parts.length === maxParts) return tooLarge("more parts than allowed");
    if (!isTextAt(bytes, "\r\n", at)) return malformed("something behind a delimiter");
    const headerEnd = find(bytes, emptyLine, at, at + maxHeaderBytes + 4);
    if (headerEnd < 0) return malformed("part headers without an end, or longer than allowed");
    const header = parsePartHeader(bytes.subarray(at + 2, headerEnd));
    if (typeof header === "string") return malformed(header);
    if (header.name.length > maxNameLength || (header.fileName?.length ?? 0) > maxNameLength) {
      return malformed("a name longer than allowed");
    }
    if (reachesPrototype(header.name)) return malformed("a name that reaches a prototype");
    if (names.has(header.name) && !rules.mayRepeat?.(header.name)) return malformed("a name given twice");
    names.add(header.name);
    const end = find(bytes, delimiter, headerEnd + 4, bytes.length);
    if (end < 0) return malformed("a part without an end");
    const part = toPart(header, bytes.subarray(headerEnd + 4, end), rules);
    if ("refused" in part) return part;
    parts.push(part);
    at = end + delimiter.length;
  }
  at += 2;
  if (at !== bytes.length && !(at + 2 === bytes.length && isTextAt(bytes, "\r\n", at))) {
    return malformed("something behind the last part");
  }
  return { parts };
}

/**
 * Writes parts as one body: what is sent on is built from what was judged, with nothing of the client's own framing.
 * Choose a random boundary, so that nobody can write it into a file beforehand.
 * @throws Error when a part holds the boundary, or a name cannot be written
 */
export function serializeMultipart(parts: readonly Part[], boundary: string): Uint8Array {
  if (!isBoundary(boundary)) throw new Error("The boundary is not valid.");
  const marker = encoder.encode(`--${boundary}`);
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const content = part.kind === "file" ? part.content : encoder.encode(part.value);
    if (find(content, marker, 0, content.length) >= 0) throw new Error("A part holds the boundary.");
    chunks.push(marker, encoder.encode(`\r\n${writeHeader(part)}\r\n\r\n`), content, encoder.encode("\r\n"));
  }
  return concat([...chunks, marker, encoder.encode("--\r\n")]);
}

function toPart(
  { name, fileName, contentType }: { name: string; fileName: string | undefined; contentType: string | undefined },
  content: Uint8Array,
  { maxFieldBytes = 65_536, maxFileBytes = Number.POSITIVE_INFINITY }: MultipartRules,
): Part | Extract<ParsedMultipart, { isTooLarge: boolean }> {
  const declared = contentType === undefined ? {} : { contentType };
  if (fileName !== undefined) {
    if (content.length > maxFileBytes) return tooLarge("a file larger than allowed");
    return { kind: "file", name, fileName, ...declared, content };
  }
  if (content.length > maxFieldBytes) return tooLarge("a field larger than allowed");
  try {
    return { kind: "field", name, value: utf8.decode(content), ...declared };
  } catch {
    return malformed("a field that is not UTF-8");
  }
}

function writeHeader(part: Part): string {
  const fileName = part.kind === "file" ? `; filename="${writable(part.fileName)}"` : "";
  const contentType = part.contentType === undefined ? "" : `\r\nContent-Type: ${writable(part.contentType, /[\r\n]/)}`;
  return `Content-Disposition: form-data; name="${writable(part.name)}"${fileName}${contentType}`;
}

function writable(text: string, forbidden = /["\\\u0000-\u001f\u007f]/): string {
  if (forbidden.test(text)) throw new Error("A part header holds a character that cannot be written.");
  return text;
}

function isBoundary(boundary: string): boolean {
  return /^[0-9A-Za-z'()+_,./:=?-]{1,70}$/.test(boundary);
}

/** Where `wanted` begins, from `start` on and ending before `limit`; below zero when nowhere. */
function find(bytes: Uint8Array, wanted: Uint8Array, start: number, limit: number): number {
  const first = wanted[0] ?? 0;
  for (
    let at = bytes.indexOf(first, start);
    at >= 0 && at + wanted.length <= limit;
    at = bytes.indexOf(first, at + 1)
  ) {
    if (isAt(bytes, wanted, at)) return at;
  }
  return -1;
}

function isAt(bytes: Uint8Array, wanted: Uint8Array, start: number): boolean {
  for (let at = 0; at < wanted.length; at++) if (bytes[start + at] !== wanted[at]) return false;
  return true;
}

function isTextAt(bytes: Uint8Array, text: string, start: number): boolean {
  return isAt(bytes, encoder.encode(text), start);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function malformed(refused: string) {
  return { refused, isTooLarge: false } as const;
}

function tooLarge(refused: string) {
  return { refused, isTooLarge: true } as const;
}

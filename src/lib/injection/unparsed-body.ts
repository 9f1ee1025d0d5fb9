import { parseForm } from "../form.ts";
import { parseJson } from "../json.ts";
import { isJson, type MediaType, parseMediaType } from "../media-type.ts";
import { boundaryOf, parseMultipart } from "../multipart.ts";
import type { Pair } from "../pairs.ts";
import type { TextProfile } from "./attack-class.ts";

/** A body that no schema judged, as far as it can be taken apart. */
export type UnparsedBody =
  | { readonly kind: "data"; readonly value: unknown; readonly fileNames: readonly string[] }
  | { readonly kind: "text"; readonly text: string; readonly profile: TextProfile }
  | { readonly kind: "malformed"; readonly reason: string };

const utf8 = new TextDecoder("utf-8", { fatal: true });
const anyNumber = { mayRepeat: () => true, maxPairs: 10_000, maxNameLength: 1024 };

/**
 * Whether a body of that type is read and judged although the route declares no schema for it: JSON, forms, XML, plain text
 * and what has no type. Everything else (pictures, archives, CSV) streams through.
 */
export function isJudgeable(contentType: string): boolean {
  const type = parseMediaType(contentType);
  return type === undefined || isText(type) || isJson(type) || isForm(type) || type.essence === "multipart/form-data";
}

/** Takes a body apart by its type; what cannot be taken apart cannot be judged. */
export function takeApart(bytes: Uint8Array, contentType: string): UnparsedBody {
  const type = parseMediaType(contentType);
  if (type && isJson(type)) return takeJson(bytes);
  if (type && isForm(type)) {
    const form = parseForm(bytes, anyNumber);
    if (form.refused !== undefined) return { kind: "malformed", reason: `the form has ${form.refused}` };
    return { kind: "data", value: collect(form.pairs), fileNames: [] };
  }
  if (type?.essence === "multipart/form-data") return takeMultipart(bytes, contentType);
  // A lenient backend reads JSON out of any type: so does the shield.
  if (isJsonLike(bytes)) {
    const json = takeJson(bytes);
    if (json.kind === "data") return json;
  }
  try {
    return { kind: "text", text: utf8.decode(bytes), profile: type && isXml(type) ? "rich" : "free" };
  } catch {
    return { kind: "malformed", reason: "the body is not UTF-8" };
  }
}

/** The names of the files in a multipart body that was judged already. */
export function fileNamesOf(bytes: Uint8Array, contentType: string): readonly string[] {
  const taken = takeMultipart(bytes, contentType);
  return taken.kind === "data" ? taken.fileNames : [];
}

function takeJson(bytes: Uint8Array): UnparsedBody {
  const json = parseJson(bytes, { maxDepth: 64, maxKeys: 100_000 });
  if (json.malformed !== undefined) return { kind: "malformed", reason: `the JSON body has ${json.malformed}` };
  return { kind: "data", value: json.value, fileNames: [] };
}

function takeMultipart(bytes: Uint8Array, contentType: string): UnparsedBody {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return { kind: "malformed", reason: "the multipart body names no boundary" };
  const parsed = parseMultipart(bytes, boundary, { mayRepeat: () => true, maxFieldBytes: bytes.length });
  if (parsed.refused !== undefined) return { kind: "malformed", reason: `the multipart body has ${parsed.refused}` };
  const pairs = parsed.parts.map((part): Pair => [part.name, part.kind === "field" ? part.value : ""]);
  const fileNames = parsed.parts.flatMap((part) =>
    part.kind === "file" && part.fileName !== "" ? [part.fileName] : [],
  );
  return { kind: "data", value: collect(pairs), fileNames };
}

/** Pairs as members; a repeated name holds a list. */
function collect(pairs: readonly Pair[]): unknown {
  const members = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const known = members.get(name);
    if (known === undefined) members.set(name, value);
    else if (Array.isArray(known)) known.push(value);
    else members.set(name, [known, value]);
  }
  return Object.fromEntries(members);
}

function isJsonLike(bytes: Uint8Array): boolean {
  const first = bytes.find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
}

function isForm({ essence }: MediaType): boolean {
  return essence === "application/x-www-form-urlencoded";
}

function isXml({ essence }: MediaType): boolean {
  return essence.endsWith("/xml") || essence.endsWith("+xml");
}

function isText(type: MediaType): boolean {
  return isXml(type) || type.essence === "text/plain" || type.essence === "application/graphql";
}

import { parseForm, serializeForm } from "./form.ts";
import { parseJson } from "./json.ts";
import { isJson, parseMediaType } from "./media-type.ts";
import { boundaryOf, parseMultipart, type Part, serializeMultipart } from "./multipart.ts";
import type { Pair } from "./pairs.ts";

/** A request body whose texts can be changed: its value, and how another value is written in its place. */
export type WritableBody =
  | { readonly kind: "writable"; readonly value: unknown; write(value: unknown): Uint8Array }
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "foreign" };

const anyNumber = { mayRepeat: () => true, maxPairs: 10_000, maxNameLength: 1024 };
const jsonLimits = { maxDepth: 64, maxKeys: 100_000 };
const encoder = new TextEncoder();

/**
 * Reads a body of JSON, a form or a form with files. `value` is what the body was judged to be, where it was. Every other
 * type is foreign: nobody knows where its texts are.
 */
export function readWritableBody(bytes: Uint8Array, contentType: string, value?: unknown): WritableBody {
  const type = parseMediaType(contentType);
  if (type && isJson(type)) {
    if (value !== undefined) return { kind: "writable", value, write: writeJson };
    const json = parseJson(bytes, jsonLimits);
    if (json.malformed !== undefined) return malformed(`the JSON body has ${json.malformed}`);
    return { kind: "writable", value: json.value, write: writeJson };
  }
  if (type?.essence === "application/x-www-form-urlencoded") {
    const form = parseForm(bytes, anyNumber);
    if (form.refused !== undefined) return malformed(`the form has ${form.refused}`);
    const { pairs } = form;
    return {
      kind: "writable",
      value: collect(pairs),
      write: (changed) => serializeForm(withTexts(pairs, changed)),
    };
  }
  return type?.essence === "multipart/form-data" ? readMultipart(bytes, contentType) : { kind: "foreign" };
}

function readMultipart(bytes: Uint8Array, contentType: string): WritableBody {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return malformed("the multipart body names no boundary");
  const parsed = parseMultipart(bytes, boundary, { mayRepeat: () => true, maxFieldBytes: bytes.length });
  if (parsed.refused !== undefined) return malformed(`the multipart body has ${parsed.refused}`);
  const { parts } = parsed;
  const fields = parts.filter((part) => part.kind === "field");
  const pairs = fields.map(({ name, value }): Pair => [name, value]);
  return {
    kind: "writable",
    value: collect(pairs),
    write(changed) {
      const texts = new Map(withTexts(pairs, changed).map(([, text], at) => [fields[at], text] as const));
      const written = parts.map((part): Part =>
        part.kind === "field" ? { ...part, value: texts.get(part) ?? "" } : part,
      );
      return serializeMultipart(written, boundary);
    },
  };
}

/** Pairs as members; a name that repeats holds a list. */
function collect(pairs: readonly Pair[]): unknown {
  const members = new Map<string, string | string[]>();
  for (const [name, text] of pairs) {
    const known = members.get(name);
    if (known === undefined) members.set(name, text);
    else if (Array.isArray(known)) known.push(text);
    else members.set(name, [known, text]);
  }
  return Object.fromEntries(members);
}

/** The pairs in their order, with the texts of a value that was collected from them and then changed. */
function withTexts(pairs: readonly Pair[], changed: unknown): readonly Pair[] {
  const texts = new Map(
    Object.entries(changed ?? {}).map(([name, text]: [string, unknown]) => [name, [text].flat()] as const),
  );
  return pairs.map(([name]): Pair => [name, String(texts.get(name)?.shift() ?? "")]);
}

function writeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

function malformed(reason: string): WritableBody {
  return { kind: "malformed", reason };
}

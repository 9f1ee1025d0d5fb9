import type { ProblemField, ProblemId } from "../problem.ts";
import type { BodyKinds } from "./body-option.ts";
import { parseForm, serializeForm } from "./form.ts";
import { parseJson } from "./json.ts";
import { matchesMediaType, type MediaType } from "./media-type.ts";
import { boundaryOf, parseMultipart, type Part, serializeMultipart } from "./multipart.ts";
import type { Pair } from "./pairs.ts";
import { type CompiledSchema, compileSchema, type SchemaSource } from "./schema.ts";
import { memberOf, takesList } from "./schema-graph.ts";
import { sniffMediaType } from "./sniff-media-type.ts";
import { toMembers, toPairs } from "./text-members.ts";

/** The judged value with the bytes that stand for it, or what is wrong. */
export type JudgedBody =
  | { readonly ok: true; readonly value: unknown; readonly bytes: Uint8Array; readonly contentType: string }
  | {
      readonly ok: false;
      readonly problem: ProblemId;
      readonly reason: string;
      readonly fields?: readonly ProblemField[];
    };

/** Judges whole bodies of one content type and writes them out anew. */
export type BodyJudge = (bytes: Uint8Array, contentType: string) => JudgedBody;

const encoder = new TextEncoder();

/**
 * A judge of JSON: strictly parsed, judged, and written out again, so that the upstream parses what was judged and not
 * another reading of the same bytes.
 */
export function judgeJson(source: SchemaSource, limits: Pick<BodyKinds, "maxDepth" | "maxKeys">): BodyJudge {
  const schema = compileSchema(source, { unknownKeys: "refuse" });
  return (bytes) => {
    const parsed = parseJson(bytes, limits);
    if (parsed.malformed !== undefined) return malformed(`the JSON body has ${parsed.malformed}`);
    const judged = schema.parse(parsed.value);
    if (!judged.ok) return invalid(judged.fields);
    return {
      ok: true,
      value: judged.value,
      bytes: encoder.encode(JSON.stringify(judged.value)),
      contentType: "application/json",
    };
  };
}

/** A judge of forms without files. */
export function judgeForm(source: SchemaSource): BodyJudge {
  const schema = compileSchema(source, { unknownKeys: "refuse" });
  return (bytes) => {
    const parsed = parseForm(bytes, { mayRepeat: repeatsIn(schema) });
    if (parsed.refused !== undefined) return malformed(`the form has ${parsed.refused}`);
    const judged = judgePairs(parsed.pairs, schema);
    if (!judged.ok) return judged;
    return {
      ok: true,
      value: judged.value,
      bytes: serializeForm(judged.pairs),
      contentType: "application/x-www-form-urlencoded",
    };
  };
}

/** A judge of forms with files: each file is of a declared name, size and type, and its bytes say the same type. */
export function judgeMultipart(kind: NonNullable<BodyKinds["multipart"]>): BodyJudge {
  const schema = kind.fields && compileSchema(kind.fields, { unknownKeys: "refuse" });
  const repeats = schema ? repeatsIn(schema) : () => false;
  const maxFileBytes = Math.max(0, ...Object.values(kind.files).map(({ maxBytes }) => maxBytes));
  return (bytes, contentType) => {
    const boundary = boundaryOf(contentType);
    if (boundary === undefined) return malformed("the multipart body names no boundary");
    const mayRepeat = (name: string) => Object.hasOwn(kind.files, name) || repeats(name);
    const parsed = parseMultipart(bytes, boundary, { mayRepeat, ...(maxFileBytes > 0 && { maxFileBytes }) });
    if (parsed.refused !== undefined) {
      return {
        ok: false,
        problem: parsed.isTooLarge ? "body-too-large" : "malformed-body",
        reason: `the multipart body has ${parsed.refused}`,
      };
    }
    const wrong = judgeFiles(parsed.parts, kind);
    if (wrong) return wrong;
    const pairs = parsed.parts.flatMap((part): Pair[] => (part.kind === "field" ? [[part.name, part.value]] : []));
    if (!schema && pairs.length > 0) return invalid([{ pointer: "", reason: "unknown-key" }]);
    const judged = schema ? judgePairs(pairs, schema) : { ok: true as const, value: {}, pairs };
    if (!judged.ok) return judged;
    const fields = judged.pairs.map(([name, value]): Part => ({ kind: "field", name, value }));
    const files = parsed.parts.filter((part) => part.kind === "file");
    return {
      ok: true,
      value: judged.value,
      bytes: serializeMultipart([...fields, ...files], boundary),
      contentType: `multipart/form-data; boundary=${quoteBoundary(boundary)}`,
    };
  };
}

/** The judge for a content type, or undefined where the route takes none of it; `raw` where it passes unjudged. */
export function createBodyJudges(kinds: BodyKinds): (mediaType: MediaType) => BodyJudge | "raw" | undefined {
  const json = kinds.json && judgeJson(kinds.json, kinds);
  const form = kinds.form && judgeForm(kinds.form);
  const multipart = kinds.multipart && judgeMultipart(kinds.multipart);
  return ({ essence }) => {
    if (json && (essence === "application/json" || essence.endsWith("+json"))) return json;
    if (form && essence === "application/x-www-form-urlencoded") return form;
    if (multipart && essence === "multipart/form-data") return multipart;
    return kinds.raw?.types.some((type) => matchesMediaType(essence, type)) ? "raw" : undefined;
  };
}

function judgePairs(
  pairs: readonly Pair[],
  schema: CompiledSchema,
):
  | { readonly ok: true; readonly value: unknown; readonly pairs: readonly Pair[] }
  | (JudgedBody & { readonly ok: false }) {
  const members = toMembers(pairs, schema);
  if (!members.ok) return invalid(members.fields);
  const judged = schema.parse({ ...members.value });
  if (!judged.ok) return invalid(judged.fields);
  return { ok: true, value: judged.value, pairs: toPairs(judged.value, pairs) ?? pairs };
}

function judgeFiles(parts: readonly Part[], { files }: NonNullable<BodyKinds["multipart"]>): JudgedBody | undefined {
  const counts = new Map<string, number>();
  for (const part of parts) {
    if (part.kind === "field") continue;
    const declared = Object.hasOwn(files, part.name) ? files[part.name] : undefined;
    if (!declared) return invalid([{ pointer: "", reason: "unknown-key" }]);
    const pointer = `/${part.name}`;
    const count = (counts.get(part.name) ?? 0) + 1;
    counts.set(part.name, count);
    if (count > declared.maxCount) return invalid([{ pointer, reason: "too-big" }]);
    if (part.content.length > declared.maxBytes) {
      return { ok: false, problem: "body-too-large", reason: `the file ${pointer} has ${part.content.length} bytes` };
    }
    // What the client calls it and what the bytes are have to agree: a page that calls itself a picture is a page.
    const said = part.contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
    const is = sniffMediaType(part.content) ?? "";
    const taken = declared.types.some((type) => matchesMediaType(said, type) && matchesMediaType(is, type));
    if (!taken || said !== is) {
      return {
        ok: false,
        problem: "unsupported-media-type",
        reason: `the file ${pointer} is ${is || "of no known type"}`,
      };
    }
  }
  return undefined;
}

function repeatsIn(schema: CompiledSchema): (name: string) => boolean {
  return (name) => takesList(memberOf(schema.graph, name)) !== "never";
}

function quoteBoundary(boundary: string): string {
  return /^[\w'+-.]+$/.test(boundary) ? boundary : `"${boundary}"`;
}

function malformed(reason: string): JudgedBody & { readonly ok: false } {
  return { ok: false, problem: "malformed-body", reason };
}

function invalid(fields: readonly ProblemField[]): JudgedBody & { readonly ok: false } {
  return { ok: false, problem: "invalid-body", reason: "the body does not fit its schema", fields };
}

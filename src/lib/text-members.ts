import type { ProblemField } from "../problem.ts";
import type { Pair } from "./pairs.ts";
import type { FieldReason } from "./problem-field.ts";
import type { CompiledSchema } from "./schema.ts";
import { type SchemaNode, kindsOf, memberOf, takesList, toDeclaredPointer } from "./schema-graph.ts";

/** Names and texts as the object that a schema judges, or which of them cannot be one. */
export type TextMembers =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly fields: readonly ProblemField[] };

/**
 * Puts the pairs of a query or form into an object. A name that repeats becomes a list only where the schema takes one;
 * elsewhere it is refused, since backends disagree on which of two values counts. For a JSON Schema, texts become the
 * numbers and booleans that it asks for, where the text is their one canonical spelling; Zod has `z.coerce` for that.
 */
export function toMembers(pairs: readonly Pair[], schema: CompiledSchema): TextMembers {
  // Without a prototype, so that no name from outside means anything.
  const members: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const fields: ProblemField[] = [];
  for (const [name, texts] of groupByName(pairs)) {
    const declared = memberOf(schema.graph, name);
    const list = takesList(declared);
    if (texts.length > 1 && list === "never") {
      fields.push({ pointer: toDeclaredPointer(schema.graph, [name]), reason: "wrong-type" satisfies FieldReason });
    } else {
      const isList = list === "always" || texts.length > 1;
      const read = (text: string): unknown => (schema.readsTexts ? text : toTyped(text, declared, isList));
      members[name] = isList ? texts.map(read) : read(texts[0] ?? "");
    }
  }
  return fields.length > 0 ? { ok: false, fields } : { ok: true, value: members };
}

/**
 * Writes a judged object out again as pairs, in the order of the pairs that it came from; what the schema added comes
 * last. `undefined` when nothing changed. A member that no text stands for keeps the text it came from.
 */
export function toPairs(value: unknown, from: readonly Pair[]): readonly Pair[] | undefined {
  const given = groupByName(from);
  const judged = new Map(Object.entries(value ?? {}));
  const names = new Set([...[...given.keys()].filter((name) => judged.has(name)), ...judged.keys()]);
  const pairs = [...names].flatMap((name) => {
    const texts = toTexts(judged.get(name)) ?? given.get(name) ?? [];
    return texts.map((text): Pair => [name, text]);
  });
  const isSame =
    pairs.length === from.length && pairs.every(([name, text], at) => from[at]?.[0] === name && from[at]?.[1] === text);
  return isSame ? undefined : pairs;
}

function groupByName(pairs: readonly Pair[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [name, text] of pairs) {
    const texts = groups.get(name);
    if (texts) texts.push(text);
    else groups.set(name, [text]);
  }
  return groups;
}

function toTexts(value: unknown): readonly string[] | undefined {
  if (value === undefined) return [];
  if (Array.isArray(value)) {
    const texts = value.map(toText);
    return texts.every((text) => text !== undefined) ? texts : undefined;
  }
  const text = toText(value);
  return text === undefined ? undefined : [text];
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  return value instanceof Date ? value.toISOString() : undefined;
}

function toTyped(text: string, declared: readonly SchemaNode[], isList: boolean): unknown {
  const elements = declared.flatMap((node) => [...elementsOf(node)]);
  const kinds = kindsOf(isList ? elements : declared);
  if (kinds.has("scalar") || kinds.has("anything")) return text;
  // A number that is not written as it would be printed ("0x1f", "1e3", 17 digits) is not what a backend would read.
  if (kinds.has("number") && text !== "" && String(Number(text)) === text && Number.isFinite(Number(text)))
    return Number(text);
  if (kinds.has("boolean") && (text === "true" || text === "false")) return text === "true";
  return text;
}

function elementsOf(node: SchemaNode): readonly SchemaNode[] {
  return [...node.tuple, ...(node.items ? [node.items] : [])];
}

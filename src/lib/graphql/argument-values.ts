import type { ArgumentNode, ValueNode } from "./ast.ts";

/** What the operation's variables are: as they were sent, and the defaults that its document gives them. */
export interface Variables {
  readonly given: Readonly<Record<string, unknown>>;
  readonly defaults: ReadonlyMap<string, ValueNode>;
}

/**
 * The plain value that a written one stands for; undefined where its variable has none.
 *
 * Numbers stay as they are written, in text: ids are compared as text, and a double would make two long ones the same.
 */
export function readValue(node: ValueNode, variables: Variables): unknown {
  switch (node.kind) {
    case "Variable":
      return readVariable(node.name.value, variables);
    case "BooleanValue":
    case "IntValue":
    case "FloatValue":
    case "StringValue":
    case "EnumValue":
      return node.value;
    case "NullValue":
      return null;
    case "ListValue":
      return node.values.map((value) => readValue(value, variables));
    case "ObjectValue":
      return readArguments(node.fields, variables);
  }
}

/** Arguments, or the fields of an input object, by name. */
export function readArguments(
  nodes: readonly ArgumentNode[] | undefined,
  variables: Variables,
): Readonly<Record<string, unknown>> {
  // Defined one by one, so that an argument called __proto__ is one.
  return Object.fromEntries((nodes ?? []).map(({ name, value }) => [name.value, readValue(value, variables)]));
}

function readVariable(name: string, { given, defaults }: Variables): unknown {
  if (Object.hasOwn(given, name)) return given[name];
  const written = defaults.get(name);
  // A default holds no variables (GraphQL specification, section 2.10), so this goes no further.
  return written && readValue(written, { given: {}, defaults: new Map() });
}

/** Every text that a document writes out, in order, for whoever judges texts. */
export function collectTexts(value: ValueNode, texts: string[]): void {
  if (value.kind === "StringValue") texts.push(value.value);
  else if (value.kind === "ListValue") for (const each of value.values) collectTexts(each, texts);
  else if (value.kind === "ObjectValue") for (const each of value.fields) collectTexts(each.value, texts);
}

/** Whether a variable stands anywhere in a value. */
export function hasVariable(value: ValueNode): boolean {
  if (value.kind === "ListValue") return value.values.some(hasVariable);
  if (value.kind === "ObjectValue") return value.fields.some((field) => hasVariable(field.value));
  return value.kind === "Variable";
}

/**
 * An argument by its own members alone. A node of the parser leads to its place in the text and so to every word of the
 * document: what is remembered of one argument would keep all of them.
 */
export function toPlain({ name, value }: ArgumentNode): ArgumentNode {
  return { name: { value: name.value }, value: plainValue(value) };
}

/** A value by its own members alone, see `toPlain`. */
export function plainValue(node: ValueNode): ValueNode {
  switch (node.kind) {
    case "Variable":
      return { kind: node.kind, name: { value: node.name.value } };
    case "ListValue":
      return { kind: node.kind, values: node.values.map(plainValue) };
    case "ObjectValue":
      return { kind: node.kind, fields: node.fields.map(toPlain) };
    case "NullValue":
      return { kind: node.kind };
    case "BooleanValue":
      return { kind: node.kind, value: node.value };
    default:
      return { kind: node.kind, value: node.value };
  }
}

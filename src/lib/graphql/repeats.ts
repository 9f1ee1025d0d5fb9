import type { ArgumentNode, ValueNode } from "./ast.ts";

/** Whether the name stands in the set already; it does afterwards. */
export function repeats(names: Set<string>, name: string): boolean {
  if (names.has(name)) return true;
  names.add(name);
  return false;
}

/** Whether a name stands twice among arguments, or among the fields of an input object in them. */
export function repeatedArgument(args: readonly ArgumentNode[]): boolean {
  if (args.length > 1) {
    const names = new Set<string>();
    if (args.some(({ name }) => repeats(names, name.value))) return true;
  }
  return args.some(({ value }) => repeatedIn(value));
}

function repeatedIn(value: ValueNode): boolean {
  if (value.kind === "ObjectValue") return repeatedArgument(value.fields);
  return value.kind === "ListValue" && value.values.some(repeatedIn);
}

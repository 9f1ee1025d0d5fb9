import { HeadgateError } from "./error.ts";
import { isRecord } from "./own-path.ts";
import { type MutableNode, type SchemaNode, type ValueKind, emptyNode, resourceKey } from "./schema-graph.ts";

/** Tells whether the part of the document at a pointer takes a value; asked for branches only. */
export type TakesAt = (pointer: string, value: unknown) => boolean;

/** Applicators that judge the very value that their schema judges, besides `if` with `then` and `else`. */
const branchLists = [
  ["allOf", "same"],
  ["anyOf", "choice"],
  ["oneOf", "choice"],
] as const;

const otherMembers = ["additionalProperties", "unevaluatedProperties"] as const;

/**
 * Reads a JSON Schema (draft 2020-12) into a graph. References must be local (`#` or `#/…`): a schema that reaches into
 * other documents would change without the policy changing. Throws a HeadgateError `policy-invalid` for the rest.
 * With `relax`, every `additionalProperties: false` and `unevaluatedProperties: false` is taken out of the document, for
 * an owner who would rather remove such members than refuse the value; the graph still knows that they are not declared.
 */
export function toJsonSchemaGraph(document: Record<string, unknown>, takesAt: TakesAt, relax: boolean): SchemaNode {
  const known = new Map<string, SchemaNode>();
  return visit(document, "");

  function visit(schema: unknown, pointer: string): SchemaNode {
    const seen = known.get(pointer);
    if (seen) return seen;
    const node = emptyNode();
    known.set(pointer, node);
    if (isRecord(schema)) {
      refuseForeign(schema);
      node.resource = schema[resourceKey];
      const others = otherMembers.filter((keyword) => schema[keyword] !== undefined);
      node.opensMembers = others.some((keyword) => schema[keyword] !== false);
      node.declaresMembers =
        others.length > 0 || isRecord(schema["properties"]) || isRecord(schema["patternProperties"]);
      if (relax) for (const keyword of others) if (schema[keyword] === false) delete schema[keyword];
      fillMembers(node, schema, pointer);
      fillBranches(node, schema, pointer);
    }
    for (const kind of kindsOf(schema, node)) node.kinds.add(kind);
    return node;
  }

  function fillMembers(node: MutableNode, schema: Record<string, unknown>, pointer: string): void {
    for (const [key, member] of entriesOf(schema["properties"])) {
      node.properties.set(key, visit(member, `${pointer}/properties/${escape(key)}`));
    }
    for (const [pattern, member] of entriesOf(schema["patternProperties"])) {
      const expression = new RegExp(pattern, "u");
      const memberNode = visit(member, `${pointer}/patternProperties/${escape(pattern)}`);
      node.values.push({ node: memberNode, coversKey: (key) => expression.test(key) });
    }
    for (const keyword of otherMembers) {
      if (schema[keyword] === undefined || schema[keyword] === false) continue;
      const isFurther = (key: string): boolean =>
        !node.values.some((value) => value.coversKey !== isFurther && value.coversKey(key));
      node.values.push({ node: visit(schema[keyword], `${pointer}/${keyword}`), coversKey: isFurther });
    }
    const prefix = schema["prefixItems"];
    if (Array.isArray(prefix)) node.tuple = prefix.map((item, at) => visit(item, `${pointer}/prefixItems/${at}`));
    const items = "items" in schema ? "items" : "unevaluatedItems";
    if (schema[items] !== undefined && schema[items] !== false)
      node.items = visit(schema[items], `${pointer}/${items}`);
  }

  function fillBranches(node: MutableNode, schema: Record<string, unknown>, pointer: string): void {
    const always = (): boolean => true;
    const reference = schema["$ref"];
    if (typeof reference === "string") {
      const target = reference.slice(1);
      node.branches.push({ role: "same", node: visit(lookUp(document, target), target), matches: always });
    }
    for (const [keyword, role] of branchLists) {
      const branches = schema[keyword];
      if (!Array.isArray(branches)) continue;
      for (const [at, branch] of branches.entries()) {
        const place = `${pointer}/${keyword}/${at}`;
        node.branches.push({ role, node: visit(branch, place), matches: (value) => takesAt(place, value) });
      }
    }
    if (schema["if"] !== undefined) {
      const condition = `${pointer}/if`;
      const isMet = (value: unknown): boolean => takesAt(condition, value);
      node.branches.push({ role: "choice", node: visit(schema["if"], condition), matches: isMet });
      addBranch("then", isMet);
      addBranch("else", (value) => !isMet(value));
    }
    for (const [key, branch] of entriesOf(schema["dependentSchemas"])) {
      const place = `${pointer}/dependentSchemas/${escape(key)}`;
      const hasKey = (value: unknown): boolean => isRecord(value) && Object.hasOwn(value, key);
      node.branches.push({ role: "choice", node: visit(branch, place), matches: hasKey });
    }

    function addBranch(keyword: "then" | "else", matches: (value: unknown) => boolean): void {
      if (schema[keyword] === undefined) return;
      node.branches.push({ role: "choice", node: visit(schema[keyword], `${pointer}/${keyword}`), matches });
    }
  }
}

function kindsOf(schema: unknown, node: SchemaNode): readonly ValueKind[] {
  if (!isRecord(schema)) return schema === false ? [] : ["anything"];
  const type = schema["type"];
  if (type !== undefined) return (Array.isArray(type) ? type : [type]).filter((name) => name !== "null").map(toKind);
  if (node.items || node.tuple.length > 0) return ["list"];
  if (node.properties.size > 0 || node.values.length > 0) return ["object"];
  if (Array.isArray(schema["enum"])) return schema["enum"].map((value) => toKind(typeof value));
  if ("const" in schema) return [toKind(typeof schema["const"])];
  return node.branches.length > 0 ? [] : ["anything"];
}

function toKind(type: unknown): ValueKind {
  if (type === "object" || type === "number" || type === "boolean") return type;
  if (type === "integer") return "number";
  return type === "array" ? "list" : "scalar";
}

function refuseForeign(schema: Record<string, unknown>): void {
  const reference = schema["$ref"];
  const isLocal =
    reference === undefined || reference === "#" || (typeof reference === "string" && reference.startsWith("#/"));
  if (isLocal && schema["$dynamicRef"] === undefined && typeof schema["$id"] !== "string") return;
  throw new HeadgateError(
    "policy-invalid",
    "A JSON Schema in a policy stands alone: use local references (#/$defs/…), without $id and $dynamicRef.",
  );
}

function lookUp(document: Readonly<Record<string, unknown>>, pointer: string): unknown {
  let current: unknown = document;
  for (const segment of pointer.split("/").slice(1)) {
    const key = decodeURIComponent(segment).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) {
      throw new HeadgateError("policy-invalid", `The JSON Schema has no part #${pointer}.`);
    }
    current = (current as Record<string, unknown>)[key];
  }
  return current;
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

function escape(segment: string): string {
  return encodeURIComponent(segment.replaceAll("~", "~0").replaceAll("/", "~1"));
}

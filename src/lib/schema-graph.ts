/** What a schema takes at one place, as far as its own keywords say; wrappers and unions leave it to their branches. */
export type ValueKind = "object" | "list" | "number" | "boolean" | "scalar" | "anything";

/** Another schema that judges a value together with this one. */
export interface SchemaBranch {
  /**
   * `same`: it always applies to the very value (a wrapper's inside, `allOf`, a reference). `choice`: one of several of
   * which not every one has to fit (a union, `anyOf`). `after`: it judges what a transformation made of the value.
   */
  readonly role: "same" | "choice" | "after";
  readonly node: SchemaNode;
  /** For a `choice`: whether it takes this value. */
  matches(value: unknown): boolean;
}

/** The schema of members that are not declared by name. */
export interface MemberValues {
  readonly node: SchemaNode;
  /** Whether it is the schema of the member of that name: a `patternProperties` entry is of some only. */
  coversKey(key: string): boolean;
}

/** One schema in the graph that Zod schemas and JSON Schemas are both read into; graphs of recursive schemas are cyclic. */
export interface SchemaNode {
  readonly kinds: ReadonlySet<ValueKind>;
  readonly branches: readonly SchemaBranch[];
  /** Members declared by name. */
  readonly properties: ReadonlyMap<string, SchemaNode>;
  /** Members not declared by name: of a record, a catchall, `additionalProperties`. */
  readonly values: readonly MemberValues[];
  /** The first elements of a list, each with a schema of its own. */
  readonly tuple: readonly SchemaNode[];
  /** Every further element of a list. */
  readonly items: SchemaNode | undefined;
  /** JSON Schema: whether it names members, so that the rest may be taken as undeclared. */
  readonly declaresMembers: boolean;
  /** JSON Schema: whether it opens itself for members without a name in it. */
  readonly opensMembers: boolean;
  /** Plain-data metadata that was put on the schema under `resourceKey`. */
  readonly resource: unknown;
}

/** The metadata key (Zod) and keyword (JSON Schema) that names the resource a schema describes. */
export const resourceKey = "x-headgate-resource";

/** A node while it is being filled. */
export type MutableNode = {
  -readonly [Key in keyof SchemaNode]: SchemaNode[Key] extends readonly (infer Item)[]
    ? Item[]
    : SchemaNode[Key] extends ReadonlyMap<infer Name, infer Value>
      ? Map<Name, Value>
      : SchemaNode[Key] extends ReadonlySet<infer Item>
        ? Set<Item>
        : SchemaNode[Key];
};

/** A node that says nothing yet. */
export function emptyNode(): MutableNode {
  return {
    kinds: new Set(),
    branches: [],
    properties: new Map(),
    values: [],
    tuple: [],
    items: undefined,
    declaresMembers: false,
    opensMembers: false,
    resource: undefined,
  };
}

/** The node and every node that may judge the same value; without those behind a transformation unless `after` is set. */
export function layersOf(node: SchemaNode, after = true): ReadonlySet<SchemaNode> {
  const found = new Set([node]);
  // A set is walked in order of insertion, additions included.
  for (const layer of found) {
    for (const branch of layer.branches) if (after || branch.role !== "after") found.add(branch.node);
  }
  return found;
}

/**
 * The JSON pointer (RFC 6901) of `path`, as far as the schema itself names the way: it ends before the first member whose
 * name came from the client, so that an answer never repeats input.
 */
export function toDeclaredPointer(root: SchemaNode, path: readonly PropertyKey[]): string {
  let pointer = "";
  let nodes: readonly SchemaNode[] = [root];
  for (const segment of path) {
    const layers = nodes.flatMap((node) => [...layersOf(node)]);
    nodes = typeof segment === "number" ? layers.flatMap((layer) => elementAt(layer, segment)) : [];
    if (typeof segment === "string") nodes = layers.flatMap((layer) => layer.properties.get(segment) ?? []);
    if (nodes.length === 0) return pointer;
    pointer += `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`;
  }
  return pointer;
}

function elementAt(node: SchemaNode, index: number): readonly SchemaNode[] {
  const element = node.tuple[index] ?? node.items;
  return element ? [element] : [];
}

/** The nodes that the schema declares for a member of that name. */
export function memberOf(root: SchemaNode, key: string): readonly SchemaNode[] {
  return [...layersOf(root, false)].flatMap((layer) => layer.properties.get(key) ?? []);
}

/** Every kind of value that one of these nodes takes. */
export function kindsOf(nodes: readonly SchemaNode[]): ReadonlySet<ValueKind> {
  return new Set(nodes.flatMap((node) => [...layersOf(node, false)].flatMap((layer) => [...layer.kinds])));
}

/** Whether a member takes one value, a list, or either: how repeated query keys and form fields are to be read. */
export function takesList(declared: readonly SchemaNode[]): "never" | "always" | "either" {
  const kinds = kindsOf(declared);
  if (declared.length === 0 || kinds.has("anything")) return "either";
  if (!kinds.has("list")) return "never";
  return kinds.size > 1 ? "either" : "always";
}

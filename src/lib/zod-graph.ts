import { z } from "zod";
import { HeadgateError } from "./error.ts";
import { isRecord } from "./own-path.ts";
import { type MutableNode, type SchemaBranch, type SchemaNode, emptyNode, resourceKey } from "./schema-graph.ts";

/** Any Zod 4 schema, of whichever copy of the library. */
export type ZodSchema = z.core.$ZodType;

/** Far above what people write; a schema that builds itself anew at every level would never end. */
const maxNodes = 20_000;

/** Reads a Zod schema into a graph. Throws a HeadgateError `policy-invalid` for a schema without end. */
export function toZodGraph(root: ZodSchema): SchemaNode {
  // A lazy schema is known by its getter: two `z.lazy(makeTree)` are one node, else `makeTree` would be asked for ever.
  const known = new Map<unknown, MutableNode>();
  return visit(root);

  function visit(schema: ZodSchema): SchemaNode {
    const def = defOf(schema);
    const identity = def.type === "lazy" ? def.getter : schema;
    const seen = known.get(identity);
    if (seen) return seen;
    if (known.size >= maxNodes) {
      throw new HeadgateError(
        "policy-invalid",
        "This Zod schema never ends: give z.lazy() one schema, not a new one per call.",
      );
    }
    const node = emptyNode();
    known.set(identity, node);
    node.resource = readResource(schema);
    fill(node, def);
    return node;
  }

  function branch(role: SchemaBranch["role"], schema: ZodSchema): SchemaBranch {
    return { role, node: visit(schema), matches: (value) => isAccepted(schema, value) };
  }

  function fill(node: MutableNode, def: z.core.$ZodTypes["_zod"]["def"]): void {
    switch (def.type) {
      case "object":
        node.kinds.add("object");
        for (const [key, member] of Object.entries(def.shape)) node.properties.set(key, visit(member));
        if (def.catchall) node.values.push({ node: visit(def.catchall), coversKey: () => true });
        break;
      case "record":
      case "map":
        node.kinds.add("object");
        node.values.push({ node: visit(def.valueType), coversKey: () => true });
        break;
      case "array":
        node.kinds.add("list");
        node.items = visit(def.element);
        break;
      case "set":
        node.kinds.add("list");
        node.items = visit(def.valueType);
        break;
      case "tuple":
        node.kinds.add("list");
        node.tuple = def.items.map(visit);
        if (def.rest) node.items = visit(def.rest);
        break;
      case "union":
        node.branches = def.options.map((option) => branch("choice", option));
        break;
      case "intersection":
        node.branches = [branch("same", def.left), branch("same", def.right)];
        break;
      case "pipe":
        node.branches = [branch("same", def.in), branch("after", def.out)];
        break;
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
      case "catch":
      case "readonly":
      case "nonoptional":
      case "success":
      case "promise":
        node.branches = [branch("same", def.innerType)];
        break;
      case "lazy":
        node.branches = [branch("same", def.getter())];
        break;
      case "number":
      case "boolean":
        node.kinds.add(def.type);
        break;
      case "any":
      case "unknown":
      case "custom":
      case "transform":
        node.kinds.add("anything");
        break;
      default:
        node.kinds.add("scalar");
    }
  }
}

/** The definition of a schema, narrowed by its `type`. */
export function defOf(schema: ZodSchema): z.core.$ZodTypes["_zod"]["def"] {
  // Zod publishes the union of its own schemas, but every position is typed as their common base.
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** Whether a value is a Zod 4 schema, of whichever copy of the library. */
export function isZodSchema(value: unknown): value is z.ZodType {
  return isRecord(value) && isRecord(value["_zod"]) && typeof value["safeParse"] === "function";
}

function readResource(schema: ZodSchema): unknown {
  const { [resourceKey]: carried } = schema._zod.def as { [resourceKey]?: unknown };
  if (carried !== undefined) return carried;
  // Read through the schema's own method: a policy may import another copy of Zod, with a registry of its own.
  const { meta } = schema as { meta?: () => unknown };
  const metadata = typeof meta === "function" ? meta.call(schema) : z.globalRegistry.get(schema);
  return isRecord(metadata) ? metadata[resourceKey] : undefined;
}

function isAccepted(schema: ZodSchema, value: unknown): boolean {
  try {
    return z.core.safeParse(schema, value).success;
  } catch {
    // An asynchronous or throwing schema takes nothing here.
    return false;
  }
}

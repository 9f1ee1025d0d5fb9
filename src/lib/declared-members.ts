import type { ProblemField } from "../problem.ts";
import { isRecord } from "./own-path.ts";
import type { FieldReason } from "./problem-field.ts";
import type { SchemaNode } from "./schema-graph.ts";

/**
 * Finds the members of a valid value that its JSON Schema does not declare, and refuses or removes them.
 *
 * A schema that names members and says nothing about others is meant as a list of what there is; JSON Schema itself
 * reads it as open. It is closed here over the schema as a whole, since a rewrite to `additionalProperties: false`
 * would make the parts of an `allOf` refuse each other's members. Schemas that open themselves, by `additionalProperties`
 * or `unevaluatedProperties`, stay open.
 * With `strip`, `value` is changed in place. Returns the places of what was found.
 */
export function closeMembers(
  root: SchemaNode,
  value: unknown,
  unknownKeys: "refuse" | "strip",
): readonly ProblemField[] {
  const found: ProblemField[] = [];
  walk([root], value, "");
  return found;

  function walk(nodes: readonly SchemaNode[], current: unknown, pointer: string | undefined): void {
    if (Array.isArray(current)) {
      const layers = layersFor(nodes, current);
      for (const [at, element] of current.entries()) {
        const elementNodes = layers.flatMap((layer) => layer.tuple[at] ?? layer.items ?? []);
        if (elementNodes.length > 0) walk(elementNodes, element, join(pointer, String(at)));
      }
    } else if (isRecord(current)) walkMembers(layersFor(nodes, current), current, pointer);
  }

  function walkMembers(
    layers: readonly SchemaNode[],
    current: Record<string, unknown>,
    pointer: string | undefined,
  ): void {
    const isClosed = layers.some((layer) => layer.declaresMembers) && !layers.some((layer) => layer.opensMembers);
    let unknown = 0;
    for (const key of Object.keys(current)) {
      const named = layers.flatMap((layer) => layer.properties.get(key) ?? []);
      const others = layers.flatMap((layer) => (layer.properties.has(key) ? [] : layer.values));
      const covering = others.filter((other) => other.coversKey(key)).map((other) => other.node);
      if (named.length + covering.length > 0) {
        // The name of an undeclared member came from the client: places inside it are not named.
        walk([...named, ...covering], current[key], named.length > 0 ? join(pointer, key) : undefined);
      } else if (isClosed) {
        unknown += 1;
        if (unknownKeys === "strip") delete current[key];
      }
    }
    if (unknown > 0) found.push({ pointer: pointer ?? "", reason: "unknown-key" satisfies FieldReason });
  }
}

function join(pointer: string | undefined, segment: string): string | undefined {
  return pointer === undefined ? undefined : `${pointer}/${segment.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The nodes and every branch of theirs that applies to this value. */
function layersFor(nodes: readonly SchemaNode[], value: unknown): readonly SchemaNode[] {
  const found = new Set(nodes);
  for (const layer of found) {
    for (const branch of layer.branches) if (branch.role === "same" || branch.matches(value)) found.add(branch.node);
  }
  return [...found];
}

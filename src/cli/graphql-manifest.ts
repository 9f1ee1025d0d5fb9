import { createHash } from "node:crypto";
import type { DefinitionNode, FieldNode, FragmentNode, OperationNode, SelectionSetNode } from "../lib/graphql/ast.ts";
import type { ManifestFile } from "../lib/graphql/manifest.ts";
import { loadGraphql } from "../policy/graphql-parser.ts";

/** A GraphQL text of a repository. */
export interface SourceText {
  /** `file:line`. */
  readonly place: string;
  readonly text: string;
}

/** The manifest, and what of the repository could not be put into it. */
export interface BuiltManifest {
  readonly manifest: ManifestFile;
  readonly problems: readonly string[];
}

/** The printer of the package `graphql`. */
interface Printer {
  print(node: { readonly kind: string }): string;
}

interface Defined<Node> {
  readonly node: Node;
  readonly place: string;
  readonly printed: string;
}

/**
 * Puts every operation of a repository into a manifest: with the fragments that it spreads, wherever those stand, printed
 * as clients print it, under the SHA-256 of that text.
 * @param addTypename whether the frontend's client adds `__typename` to every set of fields, as Apollo's and urql do
 */
export function buildManifest(sources: readonly SourceText[], addTypename: boolean): BuiltManifest {
  // The package that parses also prints; its nodes are what its printer takes.
  const graphql = loadGraphql() as ReturnType<typeof loadGraphql> & Printer;
  const problems: string[] = [];
  const operations = new Map<string, Defined<OperationNode>>();
  const fragments = new Map<string, Defined<FragmentNode>>();

  function define<Node>(known: Map<string, Defined<Node>>, key: string, defined: Defined<Node>): void {
    const twin = known.get(key);
    if (!twin) known.set(key, defined);
    else if (twin.printed !== defined.printed)
      problems.push(`${defined.place}: "${key}" is another one than at ${twin.place}`);
  }

  for (const { place, text } of sources) {
    let definitions: readonly DefinitionNode[];
    try {
      ({ definitions } = graphql.parse(text, { noLocation: true }));
    } catch (error) {
      problems.push(`${place}: ${(error as Error).message}`);
      continue;
    }
    for (const definition of definitions) {
      const printed = graphql.print(definition);
      // The kind of a node tells its members, see `readDocument`.
      if (definition.kind === "FragmentDefinition") {
        const node = definition as unknown as FragmentNode;
        define(fragments, node.name.value, { node, place, printed });
      } else if (definition.kind === "OperationDefinition") {
        const node = definition as unknown as OperationNode;
        define(operations, node.name?.value ?? printed, { node, place, printed });
      }
    }
  }

  const entries = [...operations.values()].flatMap(({ node, place }) => {
    const used = new Map<string, FragmentNode>();
    const missing = collectFragments(node.selectionSet, fragments, used);
    if (missing !== undefined) {
      problems.push(`${place}: no fragment is called "${missing}"`);
      return [];
    }
    const written = addTypename
      ? [withTypename(node, true), ...[...used.values()].map((one) => withTypename(one, false))]
      : [node, ...used.values()];
    const body = written.map((one) => graphql.print(one)).join("\n\n");
    const id = createHash("sha256").update(body).digest("hex");
    const name = node.name && { name: node.name.value };
    return [{ id, ...name, type: node.operation, body }];
  });
  entries.sort((one, other) => ((one.name ?? one.body) < (other.name ?? other.body) ? -1 : 1));
  return { manifest: { format: "apollo-persisted-query-manifest", version: 1, operations: entries }, problems };
}

/** Collects, in the order of their use, what a set spreads; gives back the name of one that is not there. */
function collectFragments(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, Defined<FragmentNode>>,
  used: Map<string, FragmentNode>,
): string | undefined {
  for (const selection of selections) {
    let inner = selection.kind === "FragmentSpread" ? undefined : selection.selectionSet;
    if (selection.kind === "FragmentSpread") {
      const name = selection.name.value;
      if (used.has(name)) continue;
      const fragment = fragments.get(name);
      if (!fragment) return name;
      used.set(name, fragment.node);
      inner = fragment.node.selectionSet;
    }
    const missing = inner && collectFragments(inner, fragments, used);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** As the printer takes it: its names have a kind, which nobody else looks at. */
const name = { kind: "Name", value: "__typename" };
const typename: FieldNode = { kind: "Field", name };

/** Adds the field to every set but those of operations, which is how clients do it. */
function withTypename<Node extends { readonly selectionSet?: SelectionSetNode | undefined }>(
  node: Node,
  isRoot: boolean,
): Node {
  const { selectionSet } = node;
  if (!selectionSet) return node;
  const selections = selectionSet.selections.map((each) =>
    each.kind === "FragmentSpread" ? each : withTypename(each, false),
  );
  const has = selections.some((each) => each.kind === "Field" && each.name.value === "__typename");
  return {
    ...node,
    selectionSet: { ...selectionSet, selections: isRoot || has ? selections : [...selections, typename] },
  };
}

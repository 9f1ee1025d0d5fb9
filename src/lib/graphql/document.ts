import { plainValue, type Variables } from "./argument-values.ts";
import type { DefinitionNode, FragmentNode, GraphqlParser, OperationNode, OperationType, ValueNode } from "./ast.ts";
import { type CostSet, costOf, settleCost } from "./cost.ts";
import type { DocumentRules } from "./document-rules.ts";
import { isNestedDeeper } from "./nesting.ts";
import { repeats } from "./repeats.ts";
import type { Measures, SetSummary } from "./set-summary.ts";
import { type FieldUse, type OwnedSet, Walk } from "./walk.ts";

/** An operation of a document, counted. */
export interface Operation {
  readonly name: string | undefined;
  readonly type: OperationType;
  readonly measures: Measures;
  /** How often limited fields are called, by the number of the limit. */
  readonly calls: ReadonlyMap<number, number>;
  /** What its variables are where the client sends none. */
  readonly defaults: ReadonlyMap<string, ValueNode>;
  /** What it costs with these variables. */
  cost(given: Variables["given"]): number;
}

/** A document that could be read, or why not: a word for the problem, and fixed words for the log. */
export type ReadDocument =
  | {
      readonly refused?: undefined;
      readonly text: string;
      readonly operations: readonly Operation[];
      /** Places where the policy says who may select the field, those of every operation and fragment. */
      readonly uses: readonly FieldUse[];
      readonly owned: readonly OwnedSet[];
      /** The texts that it writes out, for whoever looks for attacks. */
      readonly texts: readonly string[];
      readonly introspects: boolean;
      /** About how many bytes it takes to remember it, beside its text. */
      readonly bytes: number;
    }
  | { readonly refused: "invalid" | "too-much"; readonly reason: string };

/** Levels of brackets that the parser, which recurses, is given at most; usual documents have ten. */
const maxNesting = 200;

/**
 * Parses a document once and counts all that can be counted of it. Every operation in it is counted, since which one runs
 * is for the request to say; a document that a service would not run (unknown, unused or circular fragments) is refused,
 * since services differ in how soon they notice.
 */
export function readDocument(text: string, parser: GraphqlParser, rules: DocumentRules): ReadDocument {
  if (isNestedDeeper(text, maxNesting)) return { refused: "too-much", reason: "the document is nested too deep" };
  let definitions: readonly DefinitionNode[];
  try {
    ({ definitions } = parser.parse(text, { maxTokens: rules.maxTokens, noLocation: !rules.asksForOwners }));
  } catch (error) {
    // The parser's message quotes the document; the one about tokens is told apart, since it is a limit.
    const isTooLong = error instanceof Error && error.message.includes("tokens. Parsing aborted");
    return isTooLong
      ? { refused: "too-much", reason: "the document has more tokens than allowed" }
      : { refused: "invalid", reason: "the document is no GraphQL" };
  }
  const sorted = sortDefinitions(definitions);
  if (typeof sorted === "string") return { refused: "invalid", reason: `the document has ${sorted}` };
  const { operations, fragments } = sorted;
  if (operations.length > rules.maxOperations)
    return { refused: "too-much", reason: `the document has ${operations.length} operations` };
  return count(text, operations, fragments, rules);
}

/** What one field with its arguments takes, measured. */
const keptBytes = 400;

function count(
  text: string,
  operations: readonly OperationNode[],
  fragments: ReadonlyMap<string, FragmentNode>,
  rules: DocumentRules,
): ReadDocument {
  const walk = new Walk(rules, fragments);
  const counted = operations.map((node) => countOperation(node, walk, rules));
  if (walk.spread.size < fragments.size) walk.refuse("a fragment that nothing spreads");
  if (walk.refused !== undefined) return { refused: "invalid", reason: `the document has ${walk.refused}` };
  const { uses, owned, texts, introspects } = walk;
  const kept = 2 * uses.length + owned.length + (walk.varies ? walk.sized : 0);
  return { text, operations: counted, uses, owned, texts, introspects, bytes: 1024 + keptBytes * kept };
}

function countOperation(node: OperationNode, walk: Walk, rules: DocumentRules): Operation {
  const { operation: type, name, variableDefinitions = [] } = node;
  const root = rules.rootType(type);
  if (root === undefined) walk.refuse(`a ${type}, of which the schema has none`);
  const summary = walk.summarize(node.selectionSet, root);
  walk.countDirectives(node.directives, summary);
  const names = new Set<string>();
  const defaults = new Map<string, ValueNode>();
  for (const { variable, defaultValue, directives } of variableDefinitions) {
    walk.countDirectives(directives, summary);
    if (repeats(names, variable.name.value)) walk.refuse("a variable declared twice");
    if (defaultValue) defaults.set(variable.name.value, plainValue(defaultValue));
  }
  const { cost } = summary;
  const isSettled = walk.refused === undefined && settleCost(cost, rules.listSize);
  return {
    name: name?.value,
    type,
    measures: toMeasures(summary),
    calls: summary.calls,
    defaults,
    cost: isSettled ? settled(cost, rules) : varying(cost, defaults, rules),
  };
}

/** The cost of a document that no variable changes; of its tree nothing is kept. */
function settled(set: CostSet, { listSize }: DocumentRules): Operation["cost"] {
  const cost = costOf(set, { given: {}, defaults: new Map() }, listSize);
  return () => cost;
}

function varying(set: CostSet, defaults: Operation["defaults"], { listSize }: DocumentRules): Operation["cost"] {
  return (given) => costOf(set, { given, defaults }, listSize);
}

function toMeasures(summary: SetSummary): Measures {
  const { depth, width, heightBelow, aliases, directives, directivesPerPlace, duplicates } = summary;
  const height = Math.max(width, heightBelow);
  return { depth, height, rootFields: width, aliases, directives, directivesPerPlace, duplicates };
}

/** Operations and fragments by name, or what is wrong: two of one name, or parts of a schema. */
function sortDefinitions(
  definitions: readonly DefinitionNode[],
): { readonly operations: readonly OperationNode[]; readonly fragments: ReadonlyMap<string, FragmentNode> } | string {
  const operations: OperationNode[] = [];
  const fragments = new Map<string, FragmentNode>();
  const names = new Set<string>();
  for (const definition of definitions) {
    // The kind of a node tells its members; the type of definitions is one for schemas, too, and leaves them open.
    if (definition.kind === "OperationDefinition") operations.push(definition as unknown as OperationNode);
    else if (definition.kind === "FragmentDefinition") {
      const fragment = definition as unknown as FragmentNode;
      if (fragments.has(fragment.name.value)) return "two fragments of one name";
      fragments.set(fragment.name.value, fragment);
    } else return "parts of a schema";
  }
  if (operations.length === 0) return "no operation";
  for (const { name } of operations) {
    if (name ? repeats(names, name.value) : operations.length > 1) return "operations that a name does not tell apart";
  }
  return { operations, fragments };
}

import { collectTexts, hasVariable, toPlain } from "./argument-values.ts";
import type { DirectiveNode, FieldNode, FragmentNode, SelectionSetNode, SpreadNode } from "./ast.ts";
import type { CostField, SizeSource } from "./cost.ts";
import type { DocumentRules, FieldRule, OwnerField } from "./document-rules.ts";
import { repeatedArgument, repeats } from "./repeats.ts";
import type { FieldModel } from "./schema-model.ts";
import { add } from "./saturating.ts";
import { addBelow, addCalls, addSpread, emptySummary, type SetSummary } from "./set-summary.ts";

/** A place of the document where the policy says who may select the field. */
export interface FieldUse {
  readonly rule: FieldRule;
  readonly args: FieldNode["arguments"];
}

/** Where a set of objects whose owner matters begins, for whoever asks for the owner too. */
export interface OwnedSet {
  /** Offset of what follows the opening brace. */
  readonly at: number;
  readonly owners: readonly OwnerField[];
  /** Whether the set may also be about other types, so that the field needs a type condition. */
  readonly isAbstract: boolean;
}

/**
 * How deep sets and spreads may stand in each other. It bounds the stack of whoever walks the document; the policy's own
 * `depth` is far below it, and counts another thing.
 */
const maxLevels = 400;

/**
 * One walk over a document. Each fragment is walked once for each type that it can be about, and counted wherever it is
 * spread, so that the walk takes as long as the document is and not as long as what it stands for.
 */
export class Walk {
  /** What is wrong with the document: fixed words, the first thing found. */
  refused: string | undefined = undefined;
  readonly uses: FieldUse[] = [];
  readonly owned: OwnedSet[] = [];
  /** The texts that the document writes out. */
  readonly texts: string[] = [];
  readonly spread = new Set<string>();
  introspects = false;
  /** Fields with a set of their own, and whether a variable has a say in the size of any. */
  sized = 0;
  varies = false;
  readonly #rules: DocumentRules;
  readonly #fragments: ReadonlyMap<string, FragmentNode>;
  readonly #summaries = new Map<string, SetSummary>();
  readonly #open = new Set<string>();
  #level = 0;

  constructor(rules: DocumentRules, fragments: ReadonlyMap<string, FragmentNode>) {
    this.#rules = rules;
    this.#fragments = fragments;
  }

  /** What a set of fields of that type holds; without a type, nobody knows which fields those are. */
  summarize(set: SelectionSetNode, type: string | undefined): SetSummary {
    const summary = emptySummary();
    if (++this.#level > maxLevels) this.refuse("sets of fields that stand too deep in each other");
    else this.#walk(set, type, summary, new Set());
    this.#level--;
    if (summary.levels > maxLevels) this.refuse("fragments that stand too deep in each other");
    return summary;
  }

  countDirectives(directives: readonly DirectiveNode[] | undefined, summary: SetSummary): void {
    if (!directives || directives.length === 0) return;
    summary.directives = add(summary.directives, directives.length);
    summary.directivesPerPlace = Math.max(summary.directivesPerPlace, directives.length);
    for (const directive of directives) this.#readArguments(directive.arguments);
  }

  refuse(reason: string): void {
    this.refused ??= reason;
  }

  #walk(set: SelectionSetNode, type: string | undefined, summary: SetSummary, names: Set<string>): void {
    this.#noteOwners(set, type);
    for (const selection of set.selections) {
      if (this.refused !== undefined) return;
      this.countDirectives(selection.directives, summary);
      if (selection.kind === "Field") this.#field(selection, type, summary, names);
      else if (selection.kind === "FragmentSpread") this.#spread(selection, type, summary, names);
      else {
        const { typeCondition, selectionSet } = selection;
        const inner = typeCondition ? this.#typeWithin(typeCondition.name.value, type) : type;
        // What stands in it stands in this set, so that names count as given twice across it.
        if (++this.#level > maxLevels) this.refuse("inline fragments that stand too deep in each other");
        else this.#walk(selectionSet, inner, summary, names);
        this.#level--;
      }
    }
  }

  #field(field: FieldNode, type: string | undefined, summary: SetSummary, names: Set<string>): void {
    const name = field.name.value;
    const key = field.alias?.value ?? name;
    summary.depth = Math.max(summary.depth, 1);
    summary.width = add(summary.width, 1);
    if (field.alias) summary.aliases = add(summary.aliases, 1);
    if (repeats(names, key)) summary.duplicates = add(summary.duplicates, 1);
    this.#readArguments(field.arguments);
    if (key.startsWith(reservedPrefix)) this.refuse("a name that the gateway uses itself");

    const isMeta = isIntrospection(name);
    if (isMeta) this.introspects = true;
    const model = isMeta || name === "__typename" ? undefined : this.#modelOf(type, name);
    if (this.refused !== undefined) return;
    if (type !== undefined && !isMeta && name !== "__typename") {
      for (const rule of this.#rules.accessTo(type, name))
        this.uses.push({ rule, args: field.arguments?.map(toPlain) });
      for (const limit of this.#rules.limitsOn(type, name)) addCalls(summary, limit, 1);
    }
    if (!field.selectionSet) {
      summary.cost.base = add(summary.cost.base, model?.weight ?? 1);
      return;
    }
    const below = this.summarize(field.selectionSet, isMeta ? undefined : model?.type);
    addBelow(summary, below);
    const size = this.#sizeOf(field, model);
    this.sized += 1;
    this.varies ||= size.varies;
    summary.cost.fields.push({ weight: model?.weight ?? 1, size, set: below.cost } satisfies CostField);
  }

  #spread(spread: SpreadNode, type: string | undefined, summary: SetSummary, names: Set<string>): void {
    const name = spread.name.value;
    const fragment = this.#fragments.get(name);
    if (!fragment) return this.refuse("a fragment that it does not define");
    if (this.#open.has(name)) return this.refuse("fragments that spread each other in a circle");
    if (repeats(names, `...${name}`)) summary.duplicates = add(summary.duplicates, 1);
    this.spread.add(name);
    const inner = this.#typeWithin(fragment.typeCondition.name.value, type);
    const id = `${name} ${inner ?? ""}`;
    let known = this.#summaries.get(id);
    if (!known) {
      this.#open.add(name);
      known = this.summarize(fragment.selectionSet, inner);
      this.countDirectives(fragment.directives, known);
      this.#open.delete(name);
      this.#summaries.set(id, known);
    }
    addSpread(summary, known);
  }

  /**
   * The type that a fragment's fields are of. With a schema it is what its condition says; without one only the root is
   * known, and stays what it is whatever interface a condition names.
   */
  #typeWithin(condition: string, around: string | undefined): string | undefined {
    if (condition.startsWith("__")) {
      this.introspects = true;
      return undefined;
    }
    const { schema } = this.#rules;
    if (!schema) return around ?? (condition === this.#rules.rootType("query") ? condition : undefined);
    if (!schema.isComposite(condition)) this.refuse("a type that the schema does not have");
    return condition;
  }

  #modelOf(type: string | undefined, name: string): FieldModel | undefined {
    if (type === undefined) return undefined;
    const field = this.#rules.schema?.types.get(type)?.get(name);
    if (this.#rules.schema && !field) this.refuse("a field that the schema does not have");
    return field;
  }

  #sizeOf({ arguments: args = [] }: FieldNode, model: FieldModel | undefined): SizeSource {
    const form = this.#rules.schema && model ? (model.isList ? "list" : "one") : "unknown";
    const defaults = model?.args;
    const own = model?.slicingArguments ?? [];
    const named = own.length > 0 ? own : this.#rules.slicingArguments;
    const has = (name: string) => defaults?.has(name) === true || args.some((one) => one.name.value === name);
    const slicing = args.length === 0 && !defaults?.size ? [] : named.filter(({ name }) => has(name));
    const said = args.filter(({ name }) => slicing.some((one) => one.name === name.value)).map(toPlain);
    const varies = said.some(({ value }) => hasVariable(value));
    return { slicing, args: said, defaults, form, assumed: model?.assumedSize, varies };
  }

  #readArguments(args: FieldNode["arguments"]): void {
    if (!args || args.length === 0) return;
    // Parsers differ in which of two they keep, and only one of them was judged.
    if (repeatedArgument(args)) this.refuse("an argument given twice");
    for (const { value } of args) collectTexts(value, this.texts);
  }

  #noteOwners({ loc }: SelectionSetNode, type: string | undefined): void {
    if (type === undefined || !loc) return;
    const owners = this.#rules.ownersOf(type);
    if (owners.length === 0) return;
    const isAbstract = owners.some((owner) => owner.type !== type);
    this.owned.push({ at: loc.start + 1, owners, isAbstract });
  }
}

/** Names of answers that begin so are the gateway's own. */
export const reservedPrefix = "headgateOwner_";

/** Fields that tell the schema: GraphQL's own, and those of federated services. `__typename` tells no more than a type. */
function isIntrospection(name: string): boolean {
  return (name.startsWith("__") && name !== "__typename") || name === "_service" || name === "_entities";
}

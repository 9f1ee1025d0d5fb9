import type {
  ArgumentNode,
  DefinitionNode,
  DocumentNode,
  FieldDefinitionNode,
  OperationType,
  ValueNode,
} from "./ast.ts";
import type { SizeArgument } from "./cost.ts";

/** A field of a type, as far as costs and rules are concerned. */
export interface FieldModel {
  /** The type behind lists and exclamation marks. */
  readonly type: string;
  readonly isList: boolean;
  /** Arguments with their defaults. */
  readonly args: ReadonlyMap<string, ValueNode | undefined>;
  /** `@cost(weight:)` of the field or of its type; 1 unless said. */
  readonly weight: number;
  /** `@listSize(assumedSize:)`. */
  readonly assumedSize: number | undefined;
  /** `@listSize(slicingArguments:)`, dotted where an input object holds the size. */
  readonly slicingArguments: readonly SizeArgument[];
}

/** What a schema says, read once from its SDL. */
export interface SchemaModel {
  /** The type of each kind of operation that there is. */
  readonly roots: Readonly<Partial<Record<OperationType, string>>>;
  readonly types: ReadonlyMap<string, ReadonlyMap<string, FieldModel>>;
  /** Whether the name is that of an object, interface or union: what a fragment may be about. */
  isComposite(type: string): boolean;
  /** The object types that a value of that type may turn out to be; an object type is its own. */
  possibleTypes(type: string): readonly string[];
  /** The interfaces that an object type or interface implements. */
  interfacesOf(type: string): readonly string[];
}

const kinds: Readonly<Record<string, "object" | "interface" | "union">> = {
  ObjectTypeDefinition: "object",
  ObjectTypeExtension: "object",
  InterfaceTypeDefinition: "interface",
  InterfaceTypeExtension: "interface",
  UnionTypeDefinition: "union",
  UnionTypeExtension: "union",
};

/** Reads a parsed SDL. Extensions count as part of what they extend; directives that nobody here knows say nothing. */
export function readSchemaModel({ definitions }: DocumentNode): SchemaModel {
  const weights = new Map(
    definitions.flatMap((one) => {
      const weight = one.name && weightOf(one);
      return weight === undefined || !one.name ? [] : [[one.name.value, weight] as const];
    }),
  );
  const types = new Map<string, Map<string, FieldModel>>();
  const interfaces = new Map<string, string[]>();
  const members = new Map<string, Set<string>>();
  for (const definition of definitions) {
    const kind = kinds[definition.kind];
    const name = definition.name?.value;
    if (kind === undefined || name === undefined) continue;
    const fields = types.get(name) ?? new Map<string, FieldModel>();
    types.set(name, fields);
    for (const field of definition.fields ?? []) fields.set(field.name.value, readField(field, weights));
    const own = (definition.interfaces ?? []).map((one) => one.name.value);
    interfaces.set(name, [...(interfaces.get(name) ?? []), ...own]);
    if (kind === "object") for (const above of [name, ...own]) addMember(members, above, name);
    if (kind === "union") for (const one of definition.types ?? []) addMember(members, name, one.name.value);
  }
  return {
    roots: readRoots(definitions, types),
    types,
    isComposite: (type) => types.has(type),
    possibleTypes: (type) => [...(members.get(type) ?? [])],
    interfacesOf: (type) => interfaces.get(type) ?? [],
  };
}

/** Reads the dotted name of an argument that says how many. */
export function readSizeArgument(text: string): SizeArgument {
  const [name = "", ...within] = text.split(".");
  return { name, within };
}

function addMember(members: Map<string, Set<string>>, of: string, member: string): void {
  const known = members.get(of);
  if (known) known.add(member);
  else members.set(of, new Set([member]));
}

function readRoots(definitions: readonly DefinitionNode[], types: ReadonlyMap<string, unknown>): SchemaModel["roots"] {
  const declared = definitions.flatMap(({ operationTypes }) => operationTypes ?? []);
  if (declared.length > 0)
    return Object.fromEntries(declared.map(({ operation, type }) => [operation, type.name.value]));
  const usual = { query: "Query", mutation: "Mutation", subscription: "Subscription" };
  return Object.fromEntries(Object.entries(usual).filter(([, name]) => types.has(name)));
}

function readField(field: FieldDefinitionNode, weights: ReadonlyMap<string, number>): FieldModel {
  let { type } = field;
  let isList = false;
  while (type.kind !== "NamedType") {
    isList ||= type.kind === "ListType";
    type = type.type;
  }
  const listSize = argumentsOf(field, "listSize");
  const slicing = listSize?.get("slicingArguments");
  return {
    type: type.name.value,
    isList,
    args: new Map((field.arguments ?? []).map(({ name, defaultValue }) => [name.value, defaultValue])),
    weight: weightOf(field) ?? weights.get(type.name.value) ?? 1,
    assumedSize: toNumber(listSize?.get("assumedSize")),
    slicingArguments:
      slicing?.kind === "ListValue"
        ? slicing.values.flatMap((one) => ("value" in one ? [readSizeArgument(String(one.value))] : []))
        : [],
  };
}

/** The weight stands in text where a schema follows IBM's specification of cost directives, else as a number. */
function weightOf(of: DefinitionNode | FieldDefinitionNode): number | undefined {
  return toNumber(argumentsOf(of, "cost")?.get("weight"));
}

function argumentsOf(
  of: DefinitionNode | FieldDefinitionNode,
  directive: string,
): ReadonlyMap<string, ValueNode> | undefined {
  const found = of.directives?.find(({ name }) => name.value === directive);
  return found && new Map((found.arguments ?? []).map(({ name, value }: ArgumentNode) => [name.value, value]));
}

function toNumber(node: ValueNode | undefined): number | undefined {
  if (!node || !("value" in node)) return undefined;
  const number = Number(node.value);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

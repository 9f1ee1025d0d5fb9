import type { Access } from "../access.ts";
import { someRule } from "../access.ts";
import { suggest } from "../suggest.ts";
import type { GraphqlParser, OperationType } from "./ast.ts";
import type { DocumentRules, FieldRule, OwnerField } from "./document-rules.ts";
import type { GraphqlOptions } from "./option.ts";
import { readSchemaModel, readSizeArgument, type SchemaModel } from "./schema-model.ts";

/** What compiling needs of the world. */
export interface RulesEnv {
  readonly parser: GraphqlParser;
  /** The text of a file that the policy names. */
  file(path: string): string;
  /** Whether operations may be given further fields to ask for. */
  readonly asksForOwners: boolean;
}

const usualRoots: Readonly<Record<OperationType, string>> = {
  query: "Query",
  mutation: "Mutation",
  subscription: "Subscription",
};

/**
 * Puts the policy in the form in which documents are read against it.
 * @throws Error saying what of the policy cannot be kept: a rule for a field that does not exist protects nothing
 */
export function compileRules(options: GraphqlOptions, env: RulesEnv): DocumentRules {
  const schema = options.schema === undefined ? undefined : readSchema(options.schema, env);
  const { access = {}, owners, limits } = options;
  const rules = new Map(Object.entries(access));
  const fields = limits.map((limit) => ("field" in limit ? limit.field : undefined));
  for (const [coordinate, rule] of rules) judgeRule(coordinate, rule, schema);
  for (const field of fields) if (field !== undefined) judgeCoordinate(field, schema);
  judgeOwners(owners, schema);
  judgeNames(options);

  const roots: DocumentRules["rootType"] = (operation) => (schema ? schema.roots[operation] : usualRoots[operation]);
  const isRoot = (type: string) => (["query", "mutation", "subscription"] as const).some((one) => roots(one) === type);
  const declared = options.access !== undefined;
  return {
    schema,
    slicingArguments: options.slicingArguments.map(readSizeArgument),
    listSize: options.listSize,
    maxTokens: options.tokens,
    maxOperations: options.operations,
    rootType: roots,
    accessTo: remember(schema, (type, field) => (declared ? rulesOf(rules, schema, isRoot(type), type, field) : [])),
    limitsOn: remember(schema, (type, field) => {
      const coordinates = new Set(meanings(schema, type).map((one) => `${one}.${field}`));
      return fields.flatMap((limited, at) => (limited !== undefined && coordinates.has(limited) ? [at] : []));
    }),
    asksForOwners: env.asksForOwners && Object.keys(owners).length > 0,
    ownersOf: env.asksForOwners ? findOwners(owners, schema) : () => none,
  };
}

function readSchema(path: string, { file, parser }: RulesEnv): SchemaModel {
  const text = file(path);
  try {
    return readSchemaModel(parser.parse(text, {}));
  } catch (cause) {
    throw new Error(`the schema "${path}" is not valid SDL: ${(cause as Error).message}`, { cause });
  }
}

/**
 * The types of which a selection may be, whatever it is written on: a field of an interface is one of every type that
 * implements it, and a rule of an interface holds for all of those.
 */
function meanings(schema: SchemaModel | undefined, type: string): readonly string[] {
  if (!schema) return [type];
  const possible = [type, ...schema.possibleTypes(type)];
  return [...new Set(possible.flatMap((one) => [one, ...schema.interfacesOf(one)]))];
}

function rulesOf(
  rules: ReadonlyMap<string, Access>,
  schema: SchemaModel | undefined,
  isRoot: boolean,
  type: string,
  field: string,
): FieldRule[] {
  const found = meanings(schema, type).flatMap((one): FieldRule[] => {
    // The narrower of two rules of one type holds: `"Mutation.*": signedIn(), "Mutation.login": anyone()`.
    const coordinate = [`${one}.${field}`, `${one}.*`].find((written) => rules.has(written));
    return coordinate === undefined ? [] : [{ coordinate, access: rules.get(coordinate) }];
  });
  if (found.length > 0 || !isRoot) return found;
  return [{ coordinate: `${type}.${field}`, access: rules.get("*") }];
}

function judgeRule(coordinate: string, rule: Access, schema: SchemaModel | undefined): void {
  if (coordinate !== "*") judgeCoordinate(coordinate, schema);
  const [type = "", field = ""] = coordinate.split(".");
  const args = schema?.types.get(type)?.get(field)?.args;
  someRule(rule, (part) => {
    if (part.kind !== "owner") return false;
    if ("query" in part.of)
      throw new Error(`access["${coordinate}"] asks for a query key, which operations do not have`);
    const name = "param" in part.of ? part.of.param : (part.of.body.split(".")[0] ?? "");
    if (field === "" || field === "*" || (args && !args.has(name)))
      throw new Error(`access["${coordinate}"] compares the argument "${name}", which the field does not have`);
    return false;
  });
}

function judgeCoordinate(coordinate: string, schema: SchemaModel | undefined): void {
  const [type = "", field = ""] = coordinate.split(".");
  if (!schema) {
    if (Object.values(usualRoots).includes(type)) return;
    throw new Error(
      `"${coordinate}" is about a type below the root, which only a schema tells: schema: "schema.graphql"`,
    );
  }
  const fields = schema.types.get(type);
  if (!fields) throw new Error(unknown(coordinate, "type", suggest(type, [...schema.types.keys()])));
  if (field !== "*" && !fields.has(field))
    throw new Error(unknown(coordinate, "field", suggest(field, [...fields.keys()])));
}

function unknown(coordinate: string, what: string, near: string | undefined): string {
  return `"${coordinate}" names a ${what} that the schema does not have${near === undefined ? "" : `: did you mean "${near}"?`}`;
}

function judgeOwners(owners: GraphqlOptions["owners"], schema: SchemaModel | undefined): void {
  for (const [type, rule] of Object.entries(owners)) {
    const field = typeof rule === "string" ? rule : rule.field;
    if (!schema) throw new Error(`owners.${type} needs the schema, which tells where objects of a type are`);
    judgeCoordinate(`${type}.${field}`, schema);
    const model = schema.types.get(type)?.get(field);
    if (schema.possibleTypes(type).join() !== type) throw new Error(`owners.${type} is no object type`);
    if (!model || model.isList || schema.isComposite(model.type))
      throw new Error(`owners.${type} names "${field}", which is no single value that a claim could equal`);
  }
}

/** What a client calls an operation says nothing, unless nothing but the frontend's own operations runs. */
function judgeNames({ limits, persisted }: GraphqlOptions): void {
  if (persisted?.trusted === "only" || !limits.some((limit) => "operation" in limit)) return;
  throw new Error(
    'a limit by the name of an operation needs persisted: { trusted: "only" }: anybody can rename theirs',
  );
}

function findOwners(owners: GraphqlOptions["owners"], schema: SchemaModel | undefined): DocumentRules["ownersOf"] {
  const found = new Map<string, readonly OwnerField[]>();
  for (const type of schema?.types.keys() ?? []) {
    const fields = (schema?.possibleTypes(type) ?? []).flatMap((one): OwnerField[] => {
      const rule = Object.hasOwn(owners, one) ? owners[one] : undefined;
      return rule === undefined ? [] : [{ type: one, field: typeof rule === "string" ? rule : rule.field }];
    });
    if (fields.length > 0) found.set(type, fields);
  }
  return (type) => found.get(type) ?? none;
}

const none: readonly OwnerField[] = [];
/**
 * Remembers what was found of the fields that a schema has. Other names are the client's, as many and as long as it likes:
 * nothing is kept of those.
 */
function remember<Found>(
  schema: SchemaModel | undefined,
  find: (type: string, field: string) => Found,
): (type: string, field: string) => Found {
  const known = new Map<string, Found>();
  return (type, field) => {
    if (!schema?.types.get(type)?.has(field)) return find(type, field);
    const key = `${type}.${field}`;
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const found = find(type, field);
    known.set(key, found);
    return found;
  };
}

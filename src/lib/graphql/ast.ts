/**
 * The parts of a GraphQL syntax tree that are looked at, by their shape alone: the nodes of the package `graphql`,
 * versions 16 and 17, fit. The package is an optional peer, so none of its types may stand in ours.
 */
export interface Named {
  readonly name: { readonly value: string };
}

/** A value as it is written in a document (GraphQL specification, section 2.9). */
export type ValueNode =
  | ({ readonly kind: "Variable" } & Named)
  | { readonly kind: "IntValue" | "FloatValue" | "StringValue" | "EnumValue"; readonly value: string }
  | { readonly kind: "BooleanValue"; readonly value: boolean }
  | { readonly kind: "NullValue" }
  | { readonly kind: "ListValue"; readonly values: readonly ValueNode[] }
  | { readonly kind: "ObjectValue"; readonly fields: readonly ArgumentNode[] };

/** A name with a value: an argument, or a field of an input object. */
export interface ArgumentNode extends Named {
  readonly value: ValueNode;
}

export interface DirectiveNode extends Named {
  readonly arguments?: readonly ArgumentNode[] | undefined;
}

interface Annotated {
  readonly directives?: readonly DirectiveNode[] | undefined;
}

export interface FieldNode extends Named, Annotated {
  readonly kind: "Field";
  readonly alias?: { readonly value: string } | undefined;
  readonly arguments?: readonly ArgumentNode[] | undefined;
  readonly selectionSet?: SelectionSetNode | undefined;
}

export interface SpreadNode extends Named, Annotated {
  readonly kind: "FragmentSpread";
}

export interface InlineFragmentNode extends Annotated {
  readonly kind: "InlineFragment";
  readonly typeCondition?: Named | undefined;
  readonly selectionSet: SelectionSetNode;
}

export interface SelectionSetNode {
  readonly selections: readonly (FieldNode | SpreadNode | InlineFragmentNode)[];
  /** Where the set stands in the document, in UTF-16 units; `start` is its opening brace. */
  readonly loc?: { readonly start: number; readonly end: number } | undefined;
}

export interface VariableNode extends Annotated {
  readonly variable: Named;
  readonly defaultValue?: ValueNode | undefined;
}

export interface OperationNode extends Annotated {
  readonly kind: "OperationDefinition";
  readonly operation: OperationType;
  readonly name?: { readonly value: string } | undefined;
  readonly variableDefinitions?: readonly VariableNode[] | undefined;
  readonly selectionSet: SelectionSetNode;
}

export interface FragmentNode extends Named, Annotated {
  readonly kind: "FragmentDefinition";
  readonly typeCondition: Named;
  readonly selectionSet: SelectionSetNode;
}

export type OperationType = "query" | "mutation" | "subscription";

/** A type as it is written: named, or a list, or not null. */
export type TypeNode =
  | ({ readonly kind: "NamedType" } & Named)
  | { readonly kind: "ListType" | "NonNullType"; readonly type: TypeNode };

/** A field of a type in a schema. */
export interface FieldDefinitionNode extends Named, Annotated {
  readonly arguments?: readonly (Named & { readonly defaultValue?: ValueNode | undefined })[] | undefined;
  readonly type: TypeNode;
}

/** Whatever of a schema stands at the top of its document; what is not of interest has none of these members. */
export interface DefinitionNode extends Partial<Named>, Annotated {
  readonly kind: string;
  readonly fields?: readonly FieldDefinitionNode[] | undefined;
  readonly interfaces?: readonly Named[] | undefined;
  /** The members of a union. */
  readonly types?: readonly Named[] | undefined;
  readonly operationTypes?: readonly { readonly operation: OperationType; readonly type: Named }[] | undefined;
}

/** A parsed document: of operations, or of a schema. */
export interface DocumentNode {
  readonly definitions: readonly DefinitionNode[];
}

/** The parser of the package `graphql`. */
export interface GraphqlParser {
  /**
   * Parses a document. It recurses as deep as the document is nested.
   * @throws Error on what is no GraphQL, and beyond `maxTokens`
   */
  parse(text: string, options: { readonly maxTokens?: number; readonly noLocation?: boolean }): DocumentNode;
}

import type { Access } from "../access.ts";
import type { SizeArgument } from "./cost.ts";
import type { SchemaModel } from "./schema-model.ts";
import type { OperationType } from "./ast.ts";

/** Who may select a field. */
export interface FieldRule {
  /** `Type.field` as the policy writes it. */
  readonly coordinate: string;
  /** Undefined: nobody, since the policy does not name the field. */
  readonly access: Access | undefined;
}

/** What of the policy matters while a document is read. */
export interface DocumentRules {
  readonly schema: SchemaModel | undefined;
  /** Arguments that say how many, on every field whose schema names none. */
  readonly slicingArguments: readonly SizeArgument[];
  readonly listSize: number;
  readonly maxTokens: number;
  readonly maxOperations: number;
  /** The name of the type where an operation of that kind begins; undefined where the schema has none. */
  rootType(operation: OperationType): string | undefined;
  /** Everything that has to hold for whoever selects the field. */
  accessTo(type: string, field: string): readonly FieldRule[];
  /** The numbers of the limits that count calls of the field. */
  limitsOn(type: string, field: string): readonly number[];
  /** Whether the owners of objects are asked for, for which it has to be known where sets of fields stand. */
  readonly asksForOwners: boolean;
  /** Whose objects of a type are, where the policy says it: the fields that tell. */
  ownersOf(type: string): readonly OwnerField[];
}

/** A field that tells whose an object is, and the type whose objects are asked. */
export interface OwnerField {
  readonly type: string;
  readonly field: string;
}

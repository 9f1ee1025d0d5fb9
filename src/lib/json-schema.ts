import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { ProblemField } from "../problem.ts";
import { HeadgateError } from "./error.ts";
import { toJsonSchemaGraph } from "./json-schema-graph.ts";
import type { FieldReason } from "./problem-field.ts";
import { type SchemaNode, toDeclaredPointer } from "./schema-graph.ts";

/** A JSON Schema ready to judge values. */
export interface CompiledJsonSchema {
  readonly graph: SchemaNode;
  /** The first thing that is wrong with the value; `undefined` for nothing. Members that are not declared do not count. */
  validate(value: unknown): readonly ProblemField[] | undefined;
}

const id = "urn:headgate:schema";

/**
 * Compiles a JSON Schema (draft 2020-12, formats included, OpenAPI's further keywords ignored); `relax` as for
 * `toJsonSchemaGraph`.
 *
 * A `pattern` is run as written, by a backtracking engine: one like `(a+)+$` lets a caller burn time (CWE-1333). Bound
 * the text with `maxLength` and avoid nested repetition.
 * Throws a HeadgateError `policy-invalid` for a schema that is not one.
 */
export function compileJsonSchema(source: Readonly<Record<string, unknown>>, relax: boolean): CompiledJsonSchema {
  try {
    return build(source, relax);
  } catch (cause) {
    if (cause instanceof HeadgateError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new HeadgateError("policy-invalid", `The JSON Schema cannot be used: ${why}`, { cause });
  }
}

function build(source: Readonly<Record<string, unknown>>, relax: boolean): CompiledJsonSchema {
  const ajv = new Ajv2020({
    strict: false,
    // All errors at once lets a client choose how much work a refusal is.
    allErrors: false,
    // Members that every object inherits (`constructor`) are not data.
    ownProperties: true,
    logger: { log: ignore, warn: refuseWarning, error: ignore },
  });
  addFormats.default(ajv);
  const takers = new Map<string, ValidateFunction>();
  // Branches are resolved by an id of our own; the caller's object may be frozen, or change later.
  const { $id: _, ...document } = structuredClone(source);
  const graph = toJsonSchemaGraph(document, (pointer, value) => takerAt(pointer)(value) === true, relax);
  const validate = ajv.compile({ ...document, $id: id });
  return {
    graph,
    validate(value) {
      if (validate(value) === true) return undefined;
      return [toField(mostUseful(validate.errors ?? []), graph, value)];
    },
  };

  function takerAt(pointer: string): ValidateFunction {
    let taker = takers.get(pointer);
    if (!taker) {
      taker = ajv.compile({ $ref: `${id}#${pointer}` });
      takers.set(pointer, taker);
    }
    return taker;
  }
}

function ignore(): void {}

/** An unknown format is only worth a warning to ajv; here it would be a rule of the policy that is silently not applied. */
function refuseWarning(...words: readonly unknown[]): never {
  throw new Error(words.join(" "));
}

/** ajv puts the keyword that failed last; where that is a union, one branch alone may say more. */
function mostUseful(errors: readonly ErrorObject[]): ErrorObject | undefined {
  const last = errors.at(-1);
  if (last?.keyword !== "anyOf" && last?.keyword !== "oneOf") return last;
  const others = errors.filter((error) => error !== last && error.instancePath !== last.instancePath);
  return others.length === 1 ? others[0] : last;
}

const reasons: Readonly<Record<string, FieldReason>> = {
  required: "required",
  dependentRequired: "required",
  type: "wrong-type",
  nullable: "wrong-type",
  minimum: "too-small",
  exclusiveMinimum: "too-small",
  maximum: "too-big",
  exclusiveMaximum: "too-big",
  minLength: "too-short",
  minItems: "too-short",
  minProperties: "too-short",
  maxLength: "too-long",
  maxItems: "too-long",
  maxProperties: "too-long",
  pattern: "pattern",
  format: "format",
  enum: "not-allowed-value",
  const: "not-allowed-value",
  discriminator: "not-allowed-value",
  additionalProperties: "unknown-key",
  unevaluatedProperties: "unknown-key",
};

function toField(error: ErrorObject | undefined, graph: SchemaNode, value: unknown): ProblemField {
  if (!error) return { pointer: "", reason: "invalid" satisfies FieldReason };
  const path = toPath(error.instancePath, value);
  const missing: unknown = error.params["missingProperty"];
  if (typeof missing === "string") path.push(missing);
  return { pointer: toDeclaredPointer(graph, path), reason: reasons[error.keyword] ?? "invalid" };
}

/** A JSON pointer as a path in which the positions of lists are numbers. */
function toPath(pointer: string, value: unknown): (string | number)[] {
  let current = value;
  return pointer
    .split("/")
    .slice(1)
    .map((segment) => {
      const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(current) ? Number(key) : key;
      current = typeof current === "object" && current !== null ? (current as Record<string, unknown>)[key] : undefined;
      return step;
    });
}

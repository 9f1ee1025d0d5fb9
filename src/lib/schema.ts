import { z } from "zod";
import type { ProblemField } from "../problem.ts";
import { closeMembers } from "./declared-members.ts";
import { HeadgateError } from "./error.ts";
import { compileJsonSchema } from "./json-schema.ts";
import { type FieldReason, maxFields } from "./problem-field.ts";
import type { SchemaNode } from "./schema-graph.ts";
import { toStrictZod } from "./strict-zod.ts";
import { toZodFields } from "./zod-fields.ts";
import { isZodSchema, toZodGraph } from "./zod-graph.ts";

/** A JSON Schema (draft 2020-12) in a policy: plain data, so that a JSON policy can hold it. */
export interface JsonSchemaSource {
  readonly kind: "json-schema";
  readonly schema: Readonly<Record<string, unknown>>;
}

/** What a policy may give as a schema. */
export type SchemaSource = z.ZodType | JsonSchemaSource;

/** The judged value, or what is wrong with it. */
export type SchemaResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly fields: readonly ProblemField[] };

/** A schema of either kind, ready to judge values. */
export interface CompiledSchema {
  /**
   * Judges a value; never throws. The result's value is what is to be passed on: defaults applied, undeclared members
   * gone. A JSON Schema that strips changes the given value in place.
   */
  parse(value: unknown): SchemaResult;
  readonly graph: SchemaNode;
  /** Whether it turns texts into other types itself, as Zod's coercion does. */
  readonly readsTexts: boolean;
  /** The schema as JSON Schema, as far as it can be said in it. */
  toJsonSchema(): Readonly<Record<string, unknown>>;
}

/** What becomes of members that the schema does not declare. */
export interface SchemaRules {
  readonly unknownKeys: "refuse" | "strip";
}

/** Marks a JSON Schema (draft 2020-12) as a schema of the policy. */
export function jsonSchema(schema: Readonly<Record<string, unknown>>): JsonSchemaSource {
  return { kind: "json-schema", schema };
}

/**
 * Compiles a Zod schema or a JSON Schema; done once, when the plan is built.
 * Throws a HeadgateError `policy-invalid` for a schema that cannot be used.
 */
export function compileSchema(source: SchemaSource, rules: SchemaRules): CompiledSchema {
  return isZodSchema(source) ? compileZod(source, rules) : compileJson(source, rules);
}

function compileZod(source: z.ZodType, { unknownKeys }: SchemaRules): CompiledSchema {
  const graph = toZodGraph(source);
  const { schema, metadata } =
    unknownKeys === "refuse" ? toStrictZod(source) : { schema: source, metadata: z.globalRegistry };
  return {
    graph,
    readsTexts: true,
    parse(value) {
      try {
        const result = z.core.safeParse(schema, value);
        if (result.success) return { ok: true, value: result.data };
        return refused(toZodFields(result.error.issues, graph, value));
      } catch {
        // An asynchronous schema, or a refinement that throws: what cannot be judged is not valid.
        return invalid;
      }
    },
    toJsonSchema: () => z.toJSONSchema(schema, { io: "input", unrepresentable: "any", metadata }),
  };
}

function compileJson(source: JsonSchemaSource, { unknownKeys }: SchemaRules): CompiledSchema {
  const { graph, validate } = compileJsonSchema(source.schema, unknownKeys === "strip");
  return {
    graph,
    readsTexts: false,
    parse(value) {
      try {
        const wrong = validate(value);
        if (wrong) return refused(wrong);
        const undeclared = closeMembers(graph, value, unknownKeys);
        return undeclared.length > 0 && unknownKeys === "refuse" ? refused(undeclared) : { ok: true, value };
      } catch {
        // A value nested too deep for a recursive schema, for one.
        return invalid;
      }
    },
    toJsonSchema: () => source.schema,
  };
}

const invalid: SchemaResult = { ok: false, fields: [{ pointer: "", reason: "invalid" satisfies FieldReason }] };

function refused(fields: readonly ProblemField[]): SchemaResult {
  // A union can name one place twice.
  const distinct = new Map(fields.map((field) => [`${field.pointer} ${field.reason}`, field]));
  return { ok: false, fields: [...distinct.values()].slice(0, maxFields) };
}

/** The policy schema of a schema: a Zod schema, or a JSON Schema as `{ kind: "json-schema", schema }`. */
export const schemaOption: z.ZodType<SchemaSource, SchemaSource> = z
  .union([
    z.custom<z.ZodType>(isZodSchema, "Give a Zod 4 schema, or jsonSchema({ … })."),
    z.strictObject({
      kind: z.literal("json-schema").meta({ description: "Says that this is a JSON Schema." }),
      schema: z
        .record(z.string(), z.unknown())
        .superRefine(reportUnusable)
        .meta({ description: "The JSON Schema, draft 2020-12; references are local." }),
    }),
  ])
  .meta({ description: "A Zod schema, or a JSON Schema." });

function reportUnusable(schema: Record<string, unknown>, context: z.RefinementCtx): void {
  try {
    compileJsonSchema(schema, false);
  } catch (error) {
    if (!(error instanceof HeadgateError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
  }
}

import { z } from "zod";

/** One key of a schema, for a table. */
export interface DescribedKey {
  readonly path: string;
  /** The default as it would be written, or a word for having none. */
  readonly fallback: string;
  readonly description: string;
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly enum?: readonly unknown[];
}

/** Every key of a Zod schema that carries a description, by its path; what is not described needs no row. */
export function describeSchema(schema: z.ZodType): DescribedKey[] {
  const json = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    reused: "inline",
    cycles: "ref",
  }) as JsonSchema;
  return [...walk(json, "", new Set())];
}

function* walk(schema: JsonSchema, path: string, seen: Set<string>): Generator<DescribedKey> {
  for (const [key, value] of Object.entries(schema.properties ?? {})) {
    const at = path === "" ? key : `${path}.${key}`;
    if (value.description !== undefined && !seen.has(at)) {
      seen.add(at);
      yield {
        path: at,
        fallback: fallbackOf(value, schema.required?.includes(key) === true),
        description: describe(value),
      };
    }
    yield* walk(value, at, seen);
  }
  if (typeof schema.additionalProperties === "object") yield* walk(schema.additionalProperties, `${path}.<name>`, seen);
  if (schema.items) yield* walk(schema.items, `${path}[]`, seen);
  for (const branch of schema.anyOf ?? []) yield* walk(branch, path, seen);
}

function fallbackOf(schema: JsonSchema, required: boolean): string {
  if (schema.default === undefined || isEmpty(schema.default)) return required ? "required" : "–";
  return `\`${JSON.stringify(schema.default)}\``;
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function describe({ description = "", enum: values }: JsonSchema): string {
  return values ? `${description} One of ${values.map((value) => `\`${String(value)}\``).join(", ")}.` : description;
}

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fieldReasons } from "./problem-field.ts";
import { type SchemaSource, compileSchema, jsonSchema, schemaOption } from "./schema.ts";

function judge(source: SchemaSource, value: unknown, unknownKeys: "refuse" | "strip" = "refuse") {
  return compileSchema(source, { unknownKeys }).parse(value);
}

function fieldsOf(source: SchemaSource, value: unknown) {
  const result = judge(source, value);
  return result.ok ? [] : result.fields.map(({ pointer, reason }) => `${pointer} ${reason}`);
}

interface Category {
  name: string;
  parent?: Category | undefined;
}
const Category: z.ZodType<Category> = z.lazy(() => z.object({ name: z.string(), parent: Category.optional() }));
const Node = z.object({
  id: z.string(),
  get next() {
    return z.array(Node).optional();
  },
});

/** Each schema with a value that it takes, and the same value with a member that nobody declared. */
const zodCases: readonly [string, z.ZodType, unknown, unknown][] = [
  ["an object", z.object({ a: z.string() }), { a: "x" }, { a: "x", role: "admin" }],
  [
    "an object in an object",
    z.object({ o: z.object({ a: z.string() }) }),
    { o: { a: "x" } },
    { o: { a: "x", role: 1 } },
  ],
  ["optional", z.object({ o: z.object({}).optional() }), { o: {} }, { o: { role: 1 } }],
  ["nullable", z.object({ o: z.object({}).nullable() }), { o: {} }, { o: { role: 1 } }],
  ["a default", z.object({ o: z.object({}).default({}) }), { o: {} }, { o: { role: 1 } }],
  ["readonly", z.object({ a: z.number() }).readonly(), { a: 1 }, { a: 1, role: 1 }],
  ["an array", z.array(z.object({ a: z.number() })), [{ a: 1 }], [{ a: 1, role: 1 }]],
  ["a tuple", z.tuple([z.object({})]), [{}], [{ role: 1 }]],
  ["the rest of a tuple", z.tuple([z.string()], z.object({})), ["x", {}], ["x", { role: 1 }]],
  ["a record", z.record(z.string(), z.object({})), { any: {} }, { any: { role: 1 } }],
  ["a catchall", z.object({}).catchall(z.object({})), { any: {} }, { any: { role: 1 } }],
  ["a union", z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]), { b: "x" }, { b: "x", role: 1 }],
  [
    "a discriminated union",
    z.discriminatedUnion("kind", [z.object({ kind: z.literal("a") }), z.object({ kind: z.literal("b") })]),
    { kind: "b" },
    { kind: "b", role: 1 },
  ],
  [
    "an intersection",
    z.intersection(z.object({ a: z.string() }), z.object({ b: z.string() })),
    { a: "x", b: "y" },
    { a: "x", b: "y", role: 1 },
  ],
  ["a transformation", z.object({ a: z.number() }).transform((o) => o), { a: 1 }, { a: 1, role: 1 }],
  ["preprocessing", z.preprocess((v) => v, z.object({ a: z.number() })), { a: 1 }, { a: 1, role: 1 }],
  ["a refinement", z.object({ a: z.number() }).refine((o) => o.a > 0), { a: 1 }, { a: 1, role: 1 }],
  ["a lazy schema", Category, { name: "x", parent: { name: "y" } }, { name: "x", parent: { name: "y", role: 1 } }],
  ["a recursive getter", Node, { id: "1", next: [{ id: "2" }] }, { id: "1", next: [{ id: "2", role: 1 }] }],
  ["a partial object", z.object({ a: z.string() }).partial(), {}, { role: 1 }],
];

describe("a Zod schema for requests", () => {
  test.each(zodCases)("refuses undeclared members in %s", (_, schema, good, bad) => {
    expect(judge(schema, good)).toEqual({ ok: true, value: good });
    const refusal = judge(schema, bad);
    expect(refusal.ok).toBe(false);
    expect(JSON.stringify(refusal)).not.toContain("role");
  });

  test.each(zodCases)("for responses, drops undeclared members in %s", (_, schema, good, bad) => {
    expect(judge(schema, good, "strip")).toEqual({ ok: true, value: good });
    expect(judge(schema, bad, "strip")).toEqual({ ok: true, value: good });
  });

  test("keeps objects open whose author opened them", () => {
    expect(judge(z.looseObject({ a: z.string() }), { a: "x", more: 1 })).toEqual({
      ok: true,
      value: { a: "x", more: 1 },
    });
    expect(judge(z.object({}).catchall(z.number()), { n: 1 })).toEqual({ ok: true, value: { n: 1 } });
  });

  test("keeps refinements, also those of lazy schemas", () => {
    const even = z.lazy(() => z.object({ n: z.number() })).refine((o) => o.n % 2 === 0);
    expect(judge(even, { n: 2 }).ok).toBe(true);
    expect(judge(even, { n: 1 }).ok).toBe(false);
  });

  test("leaves the schema of the policy itself as it was", () => {
    const schema = z.object({ a: z.string() });
    compileSchema(schema, { unknownKeys: "refuse" });
    expect(schema.parse({ a: "x", more: 1 })).toEqual({ a: "x" });
  });

  test("applies defaults and coercion to the value that is passed on", () => {
    const schema = z.object({ page: z.coerce.number().default(1) });
    expect(judge(schema, {})).toEqual({ ok: true, value: { page: 1 } });
    expect(judge(schema, { page: "3" })).toEqual({ ok: true, value: { page: 3 } });
  });

  test("takes nothing where judging would be asynchronous or throws", () => {
    const later = z.object({ a: z.string().refine(() => Promise.resolve(true)) });
    expect(judge(later, { a: "x" })).toEqual({ ok: false, fields: [{ pointer: "", reason: "invalid" }] });
    const throws = z.object({ a: z.string() }).transform(() => {
      throw new Error("inside");
    });
    expect(judge(throws, { a: "x" })).toEqual({ ok: false, fields: [{ pointer: "", reason: "invalid" }] });
  });

  test("is written out as JSON Schema with its descriptions, closed", () => {
    const schema = z.object({ a: z.string().meta({ description: "an a" }) });
    expect(compileSchema(schema, { unknownKeys: "refuse" }).toJsonSchema()).toMatchObject({
      properties: { a: { type: "string", description: "an a" } },
      additionalProperties: false,
    });
  });
});

const reasonsSchema = z.object({
  name: z.string().min(2).max(4),
  age: z.number().min(18).max(99),
  mail: z.email(),
  code: z.string().regex(/^x/),
  color: z.enum(["red", "blue"]),
  tags: z.array(z.string()).min(1).max(2),
  items: z.array(z.object({ id: z.string() })),
  meta: z.record(z.string(), z.number()),
  pet: z.discriminatedUnion("kind", [z.object({ kind: z.literal("cat"), lives: z.number() })]),
  id: z.union([z.string(), z.object({ value: z.number() })]),
  even: z.number().refine((n) => n % 2 === 0),
});
const reasonsJsonSchema = jsonSchema({
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", minLength: 2, maxLength: 4 },
    age: { type: "integer", minimum: 18, maximum: 99 },
    mail: { type: "string", format: "email" },
    code: { type: "string", pattern: "^x" },
    color: { enum: ["red", "blue"] },
    tags: { type: "array", items: { type: "string" }, minItems: 1, maxItems: 2 },
    items: { type: "array", items: { $ref: "#/$defs/Item" } },
    meta: { type: "object", additionalProperties: { type: "number" } },
    id: { anyOf: [{ type: "string" }, { type: "object", properties: { value: { type: "number" } } }] },
  },
  $defs: { Item: { type: "object", properties: { id: { type: "string" } }, required: ["id"] } },
});
const good = {
  name: "anna",
  age: 30,
  mail: "a@shop.example",
  code: "x1",
  color: "red",
  tags: ["t"],
  items: [{ id: "1" }],
  meta: { any: 1 },
  pet: { kind: "cat", lives: 9 },
  id: "1",
  even: 2,
};
const { pet: _, even: __, ...goodJson } = good;

const wrong: readonly [string, Record<string, unknown>][] = [
  ["/name wrong-type", { name: 1 }],
  ["/name required", { name: undefined }],
  ["/name too-short", { name: "a" }],
  ["/name too-long", { name: "annabel" }],
  ["/age too-small", { age: 1 }],
  ["/age too-big", { age: 100 }],
  ["/mail format", { mail: "nobody" }],
  ["/code pattern", { code: "y" }],
  ["/color not-allowed-value", { color: "green" }],
  ["/tags too-short", { tags: [] }],
  ["/tags too-long", { tags: ["a", "b", "c"] }],
  ["/tags/0 wrong-type", { tags: [1] }],
  ["/items/1/id required", { items: [{ id: "1" }, {}] }],
  ["/items/0 unknown-key", { items: [{ id: "1", role: "admin" }] }],
  [" unknown-key", { role: "admin" }],
  ["/meta wrong-type", { meta: { "attacker-chosen": "x" } }],
  ["/id unknown-key", { id: { value: 1, more: 2 } }],
];

describe("what is wrong is said by place and word", () => {
  test.each(wrong)("%s, by Zod", (expected, change) => {
    const value = JSON.parse(JSON.stringify({ ...good, ...change }));
    expect(fieldsOf(reasonsSchema, value)).toEqual([expected]);
  });

  test.each(wrong)("%s, by JSON Schema", (expected, change) => {
    const value = JSON.parse(JSON.stringify({ ...goodJson, ...change }));
    expect(fieldsOf(reasonsJsonSchema, value)).toEqual([expected]);
  });

  test("in unions and refinements of Zod", () => {
    expect(fieldsOf(reasonsSchema, { ...good, pet: { kind: "dog" } })).toEqual(["/pet/kind not-allowed-value"]);
    expect(fieldsOf(reasonsSchema, { ...good, pet: {} })).toEqual(["/pet/kind required"]);
    expect(fieldsOf(reasonsSchema, { ...good, id: { value: "x" } })).toEqual(["/id/value wrong-type"]);
    expect(fieldsOf(reasonsSchema, { ...good, id: true })).toEqual(["/id wrong-type"]);
    expect(fieldsOf(reasonsSchema, { ...good, even: 3 })).toEqual(["/even invalid"]);
  });

  test("never with more than twenty places", () => {
    const result = judge(
      z.array(z.string()),
      Array.from({ length: 100 }, (__, at) => at),
    );
    expect(result.ok ? 0 : result.fields.length).toBe(20);
  });

  test("never with a value or an undeclared name, whatever is sent", () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const marked = fc.dictionary(fc.constantFrom("attackerkey", "name", "meta", "items"), json);
    for (const source of [reasonsSchema, reasonsJsonSchema]) {
      const compiled = compileSchema(source, { unknownKeys: "refuse" });
      fc.assert(
        fc.property(marked, (value) => {
          const result = compiled.parse(value);
          if (result.ok) return;
          for (const { pointer, reason } of result.fields) {
            expect(fieldReasons).toContain(reason);
            expect(pointer).toMatch(
              /^(\/(name|age|mail|code|color|tags|items|meta|pet|kind|lives|id|value|even|\d+))*$/,
            );
          }
        }),
      );
    }
  });
});

describe("a JSON Schema", () => {
  test("closes objects over all parts of a composition together", () => {
    const schema = jsonSchema({
      $defs: { Base: { type: "object", properties: { id: { type: "string" } } } },
      allOf: [{ $ref: "#/$defs/Base" }, { properties: { name: { type: "string" } } }],
      anyOf: [
        { properties: { a: { type: "number" } }, required: ["a"] },
        { properties: { b: {} }, required: ["b"] },
      ],
    });
    expect(judge(schema, { id: "1", name: "x", a: 1 }).ok).toBe(true);
    expect(fieldsOf(schema, { id: "1", a: 1, role: "admin" })).toEqual([" unknown-key"]);
    expect(judge(schema, { id: "1", a: 1, role: "admin" }, "strip")).toEqual({ ok: true, value: { id: "1", a: 1 } });
  });

  test("counts members of a branch as declared only where the branch applies", () => {
    const schema = jsonSchema({
      type: "object",
      properties: { kind: { type: "string" } },
      if: { properties: { kind: { const: "card" } } },
      then: { properties: { number: { type: "string" } } },
      else: { properties: { iban: { type: "string" } } },
    });
    expect(judge(schema, { kind: "card", number: "1" }).ok).toBe(true);
    expect(fieldsOf(schema, { kind: "card", iban: "x" })).toEqual([" unknown-key"]);
    expect(judge(schema, { kind: "bank", iban: "x" }).ok).toBe(true);
  });

  test("stays open where its author opened it, or named no members", () => {
    expect(judge(jsonSchema({ properties: { a: {} }, additionalProperties: true }), { a: 1, b: 2 }).ok).toBe(true);
    expect(judge(jsonSchema({ type: "object" }), { anything: 1 }).ok).toBe(true);
    const numbered = jsonSchema({ properties: {}, patternProperties: { "^n": { type: "number" } } });
    expect(judge(numbered, { n1: 1 }).ok).toBe(true);
    expect(fieldsOf(numbered, { x: 1 })).toEqual([" unknown-key"]);
    expect(fieldsOf(numbered, { n1: "x" })).toEqual([" wrong-type"]);
  });

  test("that closes itself refuses in requests and strips in responses", () => {
    const schema = jsonSchema({
      properties: { a: { type: "object", additionalProperties: false } },
      additionalProperties: false,
    });
    expect(fieldsOf(schema, { a: {}, b: 1 })).toEqual([" unknown-key"]);
    expect(judge(schema, { a: { c: 1 }, b: 1 }, "strip")).toEqual({ ok: true, value: { a: {} } });
  });

  test("may be recursive", () => {
    const schema = jsonSchema({
      $ref: "#/$defs/Tree",
      $defs: { Tree: { type: "object", properties: { children: { type: "array", items: { $ref: "#/$defs/Tree" } } } } },
    });
    expect(judge(schema, { children: [{ children: [] }] }).ok).toBe(true);
    expect(fieldsOf(schema, { children: [{ role: 1 }] })).toEqual(["/children/0 unknown-key"]);
  });

  test("does not take inherited members for data", () => {
    expect(judge(jsonSchema({ type: "object", required: ["constructor"] }), {}).ok).toBe(false);
  });

  test("ignores OpenAPI's further keywords", () => {
    const schema = jsonSchema({
      type: "object",
      properties: { a: { type: "string", nullable: true, example: "x" } },
      xml: {},
    });
    expect(judge(schema, { a: null }).ok).toBe(true);
  });

  test.each([
    ["a reference to another document", { $ref: "https://other.example/schema.json" }],
    ["a reference that leads nowhere", { $ref: "#/$defs/Missing" }],
    ["an inner $id", { properties: { a: { $id: "urn:a" } } }],
    ["an unknown format", { type: "string", format: "no-such-format" }],
    ["a keyword of the wrong type", { type: "strin" }],
    ["a pattern that does not compile", { type: "string", pattern: "(" }],
  ])("is refused by the policy for %s", (__, schema) => {
    const result = schemaOption.safeParse({ kind: "json-schema", schema });
    expect(result.success).toBe(false);
    expect(() => compileSchema(jsonSchema(schema), { unknownKeys: "refuse" })).toThrow(
      expect.objectContaining({ code: "policy-invalid" }),
    );
  });

  test("does not change the policy's own object", () => {
    const schema = Object.freeze({ type: "object", additionalProperties: false });
    expect(judge(jsonSchema(schema), { a: 1 }, "strip")).toEqual({ ok: true, value: {} });
    expect(schema).toEqual({ type: "object", additionalProperties: false });
  });
});

describe("the policy schema of a schema", () => {
  test("takes Zod schemas and JSON Schemas and nothing else", () => {
    const schema = z.object({});
    expect(schemaOption.parse(schema)).toBe(schema);
    expect(schemaOption.parse(jsonSchema({ type: "string" }))).toEqual(jsonSchema({ type: "string" }));
    expect(schemaOption.safeParse({ type: "string" }).success).toBe(false);
    expect(schemaOption.safeParse({ name: "x" }).success).toBe(false);
  });
});

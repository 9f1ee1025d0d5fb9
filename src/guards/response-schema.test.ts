import { describe, expect, test } from "vitest";
import { z } from "zod";
import { inParts, respond } from "../../test/support/respond.ts";
import { jsonSchema } from "../lib/schema.ts";
import { responseSchema } from "./response-schema.ts";

const product = z.object({ id: z.string(), maker: z.object({ name: z.string() }).optional() });
const json = { "content-type": "application/json", etag: '"1"', "content-length": "99" };
const answer = (value: unknown, more: object = {}) => ({
  response: { headers: json, body: JSON.stringify(value), ...more },
});

describe("what leaves", () => {
  test("undeclared members are taken out at any depth, and validators of the old bytes with them", async () => {
    const { verdict, text, headers } = await respond(
      responseSchema,
      z.array(product),
      answer([{ id: "1", costPrice: 2, maker: { name: "m", contract: "secret" } }]),
    );
    expect([verdict, text]).toEqual([undefined, '[{"id":"1","maker":{"name":"m"}}]']);
    expect([headers.get("etag"), headers.get("content-length")]).toEqual([undefined, undefined]);
  });

  test("a JSON Schema strips likewise", async () => {
    const schema = jsonSchema({ type: "object", properties: { id: { type: "string" } } });
    expect((await respond(responseSchema, schema, answer({ id: "1", cost: 2 }))).text).toBe('{"id":"1"}');
  });

  test("a stream is judged as a whole", async () => {
    const body = inParts('{"id":"1","cost":2}', 3);
    expect((await respond(responseSchema, product, { response: { headers: json, body } })).text).toBe('{"id":"1"}');
  });

  test("an answer with undeclared members is refused where the policy says so", async () => {
    const { verdict } = await respond(
      responseSchema,
      { schema: product, undeclared: "refuse" },
      answer({ id: "1", cost: 2 }),
    );
    expect(verdict).toMatchObject({ problem: "response-refused" });
  });

  test.each([
    ["does not fit", answer({ id: 7 })],
    ["is no JSON", { response: { headers: { "content-type": "text/html" }, body: "<html>" } }],
    ["is broken JSON", { response: { headers: json, body: "{" } }],
    ["is too large", { response: { headers: json, body: `{"id":"${"x".repeat(5_000_000)}"}` } }],
  ])("an answer that %s is refused, with the reason for the log only", async (_name, exchange) => {
    expect((await respond(responseSchema, product, exchange)).verdict).toMatchObject({ problem: "response-refused" });
  });

  test("204 and 304 have nothing to judge; a redirect loses its body", async () => {
    expect((await respond(responseSchema, product, { response: { status: 204, body: null } })).verdict).toBeUndefined();
    expect((await respond(responseSchema, product, { response: { status: 304, body: null } })).verdict).toBeUndefined();
    const moved = await respond(responseSchema, product, answer({ secret: 1 }, { status: 302 }));
    expect([moved.verdict, moved.text]).toEqual([undefined, ""]);
  });

  test("a failed answer tells its status and no more, unless its schema is declared", async () => {
    const failed = answer({ message: "taken", internal: "x" }, { status: 409 });
    expect((await respond(responseSchema, product, failed)).verdict).toMatchObject({ kind: "deny", status: 409 });
    const declared = { schema: product, errors: z.object({ message: z.string() }) };
    const { verdict, text } = await respond(responseSchema, declared, failed);
    expect([verdict, text]).toEqual([undefined, '{"message":"taken"}']);
    expect((await respond(responseSchema, declared, answer({ other: 1 }, { status: 409 }))).verdict).toMatchObject({
      status: 409,
    });
  });

  test("what the gateway says itself is not judged", async () => {
    expect(
      (await respond(responseSchema, product, answer({ type: "x" }, { origin: "gateway" }))).verdict,
    ).toBeUndefined();
  });
});

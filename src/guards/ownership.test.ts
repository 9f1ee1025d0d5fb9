import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fakeEnv, fakeExchange, fakePrincipal } from "../../test/support/exchange.ts";
import { scope } from "../lib/access.ts";
import { resource } from "../lib/resource.ts";
import type { SchemaSource } from "../lib/schema.ts";
import type { Principal } from "./contract/exchange.ts";
import { ownership } from "./ownership.ts";

const Order = resource("Order", z.object({ id: z.string(), customerId: z.string() }), {
  owner: "customerId",
  except: scope("admin"),
});
const own = { id: "1", customerId: "alice" };
const foreign = { id: "2", customerId: "bob" };
const alice = fakePrincipal({ subject: "alice" });

async function judge(schema: SchemaSource, value: unknown, principal: Principal = alice, response: object = {}) {
  const exchange = fakeExchange({
    principal,
    response: {
      headers: { "content-type": "application/json" },
      body: typeof value === "string" ? value : JSON.stringify(value),
      ...response,
    },
  });
  const verdict = await ownership.create(ownership.options.parse(schema), fakeEnv()).response?.(exchange);
  const { body } = exchange.response;
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
  const passed = verdict === undefined && text !== "";
  return { verdict, notes: exchange.notes, value: passed ? (JSON.parse(text) as unknown) : undefined };
}

describe("whose objects come back", () => {
  test("one's own object passes", async () => expect((await judge(Order, own)).verdict).toBeUndefined());

  test("a foreign object is a missing one, and an event", async () => {
    const { verdict, notes } = await judge(Order, foreign);
    expect(verdict).toMatchObject({ kind: "deny", problem: "not-found" });
    expect(notes).toMatchObject([{ event: "response.withheld", count: 1 }]);
  });

  test("foreign elements of a list are taken out, and counted", async () => {
    const { verdict, value, notes } = await judge(z.array(Order), [own, foreign, foreign]);
    expect([verdict, value]).toEqual([undefined, [own]]);
    expect(notes).toMatchObject([{ event: "response.withheld", count: 2 }]);
  });

  test("a foreign object within an object of nobody's denies the whole", async () => {
    const { verdict } = await judge(z.object({ latest: Order }), { latest: foreign });
    expect(verdict).toMatchObject({ problem: "not-found" });
  });

  test.each([
    ["no owner", { id: "3" }],
    ["an owner of another type", { id: "3", customerId: ["alice"] }],
    ["null for an owner", { id: "3", customerId: null }],
  ])("an object with %s is foreign", async (_name, value) => {
    expect((await judge(Order, value)).verdict).toMatchObject({ problem: "not-found" });
  });

  test("an anonymous caller owns nothing", async () => {
    expect((await judge(Order, own, { kind: "anonymous" })).verdict).toMatchObject({ problem: "not-found" });
  });

  test("callers whom the resource excepts see everything", async () => {
    const admin = fakePrincipal({ subject: "root", scopes: ["admin"] });
    expect((await judge(z.array(Order), [own, foreign], admin)).value).toEqual([own, foreign]);
  });

  test("an answer that cannot be read is refused, since it may be anybody's", async () => {
    expect((await judge(Order, "{broken")).verdict).toMatchObject({ problem: "response-refused" });
    const text = { headers: { "content-type": "text/plain" } };
    expect((await judge(Order, own, alice, text)).verdict).toMatchObject({ problem: "response-refused" });
  });

  test("an answer without a body, and the gateway's own, are nobody's business", async () => {
    expect((await judge(Order, own, alice, { status: 204, body: null })).verdict).toBeUndefined();
    expect((await judge(Order, foreign, alice, { origin: "gateway" })).verdict).toBeUndefined();
  });

  test("a schema without resources asks nothing", () => {
    expect(ownership.create(ownership.options.parse(z.object({})), fakeEnv()).response).toBeUndefined();
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type Access, type Caller, role } from "./access.ts";
import { compileOwnership, resource, resourceNames } from "./resource.ts";
import { type SchemaSource, jsonSchema } from "./schema.ts";
import { withholdForeign } from "./withhold-foreign.ts";

const anonymous: Caller = { kind: "anonymous" };
const alice: Caller = { kind: "token", subject: "alice", scopes: new Set(), roles: new Set(), claims: { customer: 7 } };
const never = (): boolean => false;

const Order = resource("Order", z.object({ id: z.string(), customerId: z.string() }), { owner: "customerId" });
const OrderJson = resource("Order", jsonSchema({ type: "object", properties: { customerId: { type: "string" } } }), {
  owner: "customerId",
});
const mine = { id: "1", customerId: "alice" };
const foreign = { id: "2", customerId: "bob" };

function withhold(
  source: SchemaSource,
  value: unknown,
  caller = alice,
  isExcepted: (except: Access) => boolean = never,
) {
  const plan = compileOwnership(source);
  if (!plan) throw new Error("the schema has no resource");
  const copy = structuredClone(value);
  const result = withholdForeign(plan, copy, caller, isExcepted);
  return { ...result, value: copy };
}

const denied = { denied: true, resource: "Order" };

describe("a resource", () => {
  test("is the same schema with plain metadata that survives wrappers and JSON Schema", () => {
    expect(Order.parse(mine)).toEqual(mine);
    expect(z.toJSONSchema(Order)).toMatchObject({
      "x-headgate-resource": { name: "Order", owner: { field: "customerId", claim: "sub" } },
    });
    for (const schema of [Order, Order.optional(), Order.describe("an order"), z.array(Order.nullable())]) {
      const plan = compileOwnership(schema);
      expect(plan ? resourceNames(plan) : []).toEqual(["Order"]);
    }
    expect(compileOwnership(z.object({ id: z.string() }))).toBeUndefined();
  });

  test("survives the way over JSON Schema into a JSON policy", () => {
    const written = jsonSchema(JSON.parse(JSON.stringify(z.toJSONSchema(z.array(Order)))));
    expect(withhold(written, [mine, foreign])).toMatchObject({ removed: 1, value: [mine] });
  });

  test("is refused where metadata is broken", () => {
    const broken = z.object({}).meta({ "x-headgate-resource": { name: "Order" } });
    expect(() => compileOwnership(broken)).toThrow(expect.objectContaining({ code: "policy-invalid" }));
  });

  test("is refused behind a transformation, where it could not be seen", () => {
    const unwrapped = z.preprocess((value) => value, z.array(Order));
    expect(() => compileOwnership(unwrapped)).toThrow(expect.objectContaining({ code: "policy-invalid" }));
    expect(compileOwnership(z.array(Order).transform((orders) => orders.length))).toBeDefined();
  });
});

describe.each([
  ["Zod", Order, z.array(Order), z.object({ orders: z.array(Order), last: Order.nullable().optional() })],
  [
    "JSON Schema",
    OrderJson,
    jsonSchema({ type: "array", items: OrderJson.schema }),
    jsonSchema({
      type: "object",
      properties: {
        orders: { type: "array", items: { $ref: "#/$defs/Order" } },
        last: { anyOf: [{ type: "null" }, { $ref: "#/$defs/Order" }] },
      },
      $defs: { Order: OrderJson.schema },
    }),
  ],
] as const)("ownership declared in %s", (_, one: SchemaSource, list: SchemaSource, page: SchemaSource) => {
  test("lets the caller's own object pass and denies a foreign one", () => {
    expect(withhold(one, mine)).toEqual({ denied: false, removed: 0, value: mine });
    expect(withhold(one, foreign)).toMatchObject(denied);
  });

  test("removes foreign elements of a list and counts them", () => {
    expect(withhold(list, [foreign, mine, foreign])).toEqual({ denied: false, removed: 2, value: [mine] });
    expect(withhold(page, { orders: [mine, foreign], last: null })).toEqual({
      denied: false,
      removed: 1,
      value: { orders: [mine], last: null },
    });
  });

  test("denies the whole for a foreign object in a plain member", () => {
    expect(withhold(page, { orders: [mine], last: foreign })).toMatchObject(denied);
  });

  test("takes an object without an owner for a foreign one", () => {
    expect(withhold(one, { id: "1" })).toMatchObject(denied);
    expect(withhold(one, { id: "1", customerId: null })).toMatchObject(denied);
    expect(withhold(one, { id: "1", customerId: { toString: "alice" } })).toMatchObject(denied);
    expect(withhold(one, { id: "1", customerId: ["alice"] })).toMatchObject(denied);
  });

  test("gives anonymous callers nothing", () => {
    expect(withhold(one, mine, anonymous)).toMatchObject(denied);
    expect(withhold(list, [mine, foreign], anonymous)).toMatchObject({ removed: 2, value: [] });
  });

  test("denies a list where an object was declared, and the other way round", () => {
    expect(withhold(one, [mine])).toMatchObject(denied);
    expect(withhold(list, { 0: foreign })).toMatchObject(denied);
  });
});

describe("ownership in the shapes of Zod", () => {
  test("compares numbers with text, by another claim and in a nested field", () => {
    const Invoice = resource("Invoice", z.object({ customer: z.object({ id: z.number() }) }), {
      owner: { field: "customer.id", claim: "customer" },
    });
    expect(withhold(Invoice, { customer: { id: 7 } })).toMatchObject({ denied: false });
    expect(withhold(Invoice, { customer: { id: "7" } })).toMatchObject({ denied: false });
    expect(withhold(Invoice, { customer: { id: 8 } })).toMatchObject({ denied: true });
  });

  test("removes foreign members of a record, and elements that contain a foreign object", () => {
    expect(withhold(z.record(z.string(), Order), { a: mine, b: foreign })).toMatchObject({
      removed: 1,
      value: { a: mine },
    });
    const carts = z.array(z.object({ name: z.string(), order: Order }));
    const own = { name: "x", order: mine };
    expect(withhold(carts, [own, { name: "y", order: foreign }])).toMatchObject({ removed: 1, value: [own] });
  });

  test("removes from the nearest list only", () => {
    const pages = z.array(z.object({ orders: z.array(Order) }));
    expect(withhold(pages, [{ orders: [mine, foreign] }, { orders: [foreign] }])).toMatchObject({
      removed: 2,
      value: [{ orders: [mine] }, { orders: [] }],
    });
  });

  test("denies for a foreign element of a tuple, where places have a meaning", () => {
    expect(withhold(z.tuple([Order, z.string()]), [foreign, "x"])).toMatchObject(denied);
  });

  test("in a union looks only at the kind that the value is", () => {
    const Product = z.object({ sku: z.string() });
    const feed = z.array(z.union([Order, Product]));
    expect(withhold(feed, [{ sku: "p" }, mine, foreign])).toMatchObject({ removed: 1, value: [{ sku: "p" }, mine] });
    const tagged = z.array(
      z.discriminatedUnion("kind", [
        Order.extend({ kind: z.literal("order") }),
        Product.extend({ kind: z.literal("p") }),
      ]),
    );
    const value = [
      { kind: "p", sku: "p" },
      { ...foreign, kind: "order" },
      { ...mine, kind: "order" },
    ];
    expect(withhold(tagged, value)).toMatchObject({ removed: 1, value: [value[0], value[2]] });
  });

  test("stays on what is derived from the schema, and is closed where the owner's field was taken away", () => {
    const kept = [
      Order.extend({ more: z.string().optional() }),
      Order.partial(),
      Order.pick({ customerId: true }),
      Order.omit({ id: true }),
      Order.required(),
      Order.refine(() => true),
      Order.loose(),
      Order.strict(),
      Order.readonly(),
      Order.brand("order"),
      z.intersection(Order, z.object({})),
    ];
    for (const schema of kept) {
      expect(withhold(schema, foreign)).toMatchObject(denied);
      expect(withhold(schema, mine)).toMatchObject({ denied: false });
    }
    expect(withhold(Order.omit({ customerId: true }), { id: "1" })).toMatchObject(denied);
  });

  test("in a union takes a value of no declared kind for every kind", () => {
    const feed = z.array(z.union([Order, z.object({ sku: z.string() })]));
    expect(withhold(feed, [{ customerId: "bob", broken: true }])).toMatchObject({ removed: 1, value: [] });
  });

  test("follows recursive schemas, in getters and in z.lazy()", () => {
    const Message = resource(
      "Message",
      z.object({
        to: z.string(),
        get replies(): z.ZodOptional<z.ZodArray<z.ZodType>> {
          return z.array(Message).optional();
        },
      }),
      { owner: "to" },
    );
    const thread = { to: "alice", replies: [{ to: "bob" }, { to: "alice", replies: [{ to: "bob" }] }] };
    expect(withhold(Message, thread)).toMatchObject({
      removed: 2,
      value: { to: "alice", replies: [{ to: "alice", replies: [] }] },
    });
    const makeTree = (): z.ZodType => z.object({ order: Order, below: z.array(z.lazy(makeTree)) });
    expect(withhold(makeTree(), { order: mine, below: [{ order: foreign, below: [] }] })).toMatchObject({ removed: 1 });
  });

  test("shows everything to those whom the exception names", () => {
    const admins = role("admin");
    const Ticket = resource("Ticket", z.object({ userId: z.string(), order: Order.optional() }), {
      owner: "userId",
      except: admins,
    });
    const isAdmin = (except: Access): boolean => JSON.stringify(except) === JSON.stringify(admins);
    expect(withhold(Ticket, { userId: "bob" }, alice, isAdmin)).toMatchObject({ denied: false });
    expect(withhold(Ticket, { userId: "bob" })).toMatchObject({ denied: true });
    // The exception is of the ticket, not of the order inside it.
    expect(withhold(Ticket, { userId: "bob", order: foreign }, alice, isAdmin)).toMatchObject(denied);
  });

  test("whatever the list holds, only the caller's own elements are left", () => {
    const element = fc.oneof(
      fc.record({ customerId: fc.oneof(fc.constantFrom("alice", "bob", "ALICE", ""), fc.jsonValue()) }),
      fc.dictionary(fc.string(), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.array(element), (list) => {
        const { value } = withhold(z.array(Order), list);
        expect(value).toEqual(
          list.filter((each) => Object.hasOwn(each, "customerId") && each["customerId"] === "alice"),
        );
      }),
    );
  });
});

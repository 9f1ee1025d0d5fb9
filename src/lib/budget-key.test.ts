import { describe, expect, test } from "vitest";
import { fakeExchange, fakePrincipal } from "../../test/support/exchange.ts";
import { createBudgetKey, needsPrincipal } from "./budget-key.ts";
import { type LimitKey, parseLimitKey } from "./limit-key.ts";

const onRoute = { route: { id: "POST /api/reviews" }, declaredOn: "route" } as const;
const atTop = { route: { id: "POST /api/reviews" }, declaredOn: "policy" } as const;

function keys(...texts: string[]): LimitKey[] {
  return texts.map(parseLimitKey);
}

describe("createBudgetKey", () => {
  test("is one budget for all routes at the top of the policy, and the route's own on a route", () => {
    const elsewhere = { route: { id: "GET /api/products" } };
    const key = (place: typeof onRoute | typeof atTop, other: object) =>
      createBudgetKey("limit 5/min", keys("address"), { ...place, ...other })(fakeExchange());
    expect(key(atTop, {})).toBe(key(atTop, elsewhere));
    expect(key(onRoute, {})).not.toBe(key(onRoute, elsewhere));
  });

  test("counts each route apart where the limit says route, wherever it stands", () => {
    const other = { ...atTop, route: { id: "GET /api/products" } };
    const toKey = (place: typeof atTop | typeof other) => createBudgetKey("limit 5/min", keys("route"), place);
    expect(toKey(atTop)(fakeExchange())).not.toBe(toKey(other)(fakeExchange()));
    const strangers = [{ client: { address: "a", key: "a" } }, { client: { address: "b", key: "b" } }].map(
      fakeExchange,
    );
    expect(new Set(strangers.map(toKey(atTop))).size).toBe(1);
  });

  test("keeps callers of the same name apart by issuer", () => {
    const toKey = createBudgetKey("limit 5/min", keys("subject"), onRoute);
    const alice = (issuer: string) => fakeExchange({ principal: fakePrincipal({ issuer, subject: "alice" }) });
    expect(toKey(alice("https://id.example"))).not.toBe(toKey(alice("https://partner.example")));
  });

  test.each(["subject", "claim:tenant", "api-key", "header:x-client", "claim:constructor"])(
    "counts callers without a %s by their address, never together",
    (key) => {
      const toKey = createBudgetKey("limit 5/min", keys(key), onRoute);
      const one = fakeExchange({ client: { address: "192.0.2.1", key: "192.0.2.1" } });
      const other = fakeExchange({ client: { address: "192.0.2.2", key: "192.0.2.2" } });
      expect(toKey(one)).not.toBe(toKey(other));
      expect(toKey(one)).toBe(toKey(one));
    },
  );

  test("counts by address where the claim is no plain value", () => {
    const toKey = createBudgetKey("limit 5/min", keys("claim:tenant"), onRoute);
    const listed = fakeExchange({ principal: fakePrincipal({ claims: { tenant: ["acme"] } }) });
    const named = fakeExchange({ principal: fakePrincipal({ claims: { tenant: "acme" } }) });
    expect(toKey(listed)).toContain("192.0.2.1");
    expect(toKey(named)).not.toContain("192.0.2.1");
  });

  test("cannot be made to read two values as another pair", () => {
    const toKey = createBudgetKey("limit 5/min", keys("header:a", "header:b"), onRoute);
    const one = toKey(fakeExchange({ headers: { a: "x", b: "1\nheader:b 1 2" } }));
    const other = toKey(fakeExchange({ headers: { a: "x\nheader:b 1 1", b: "2" } }));
    expect(one).not.toBe(other);
  });

  test("does not take a header that spells an address for that address", () => {
    const toKey = createBudgetKey("limit 5/min", keys("header:x-client"), onRoute);
    expect(toKey(fakeExchange({ headers: { "x-client": "192.0.2.1" } }))).not.toBe(toKey(fakeExchange()));
  });

  test("keeps the `this` of the exchange that it asks for a header", () => {
    class Held {
      readonly client = { key: "192.0.2.1" };
      readonly principal = { kind: "anonymous" } as const;
      readonly value = "till-4";
      header(): string {
        return this.value;
      }
    }
    expect(createBudgetKey("limit 5/min", keys("header:x-client"), onRoute)(new Held())).toContain("till-4");
  });
});

test("needsPrincipal says which keys are known only after authentication", () => {
  expect(["subject", "claim:tenant", "api-key"].map((key) => needsPrincipal(keys(key)))).toEqual([true, true, true]);
  expect(["address", "route", "header:x-client"].map((key) => needsPrincipal(keys(key)))).toEqual([
    false,
    false,
    false,
  ]);
});

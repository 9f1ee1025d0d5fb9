import { describe, expect, test } from "vitest";
import { z } from "zod";
import { anyone, owner, scope, signedIn } from "./lib/access.ts";
import { resource } from "./lib/resource.ts";
import { definePolicy, route } from "./policy/define.ts";
import { secret } from "./secrets/reference.ts";
import { createSimulator, simulate } from "./testing.ts";

const Order = resource("Order", z.object({ id: z.string(), customerId: z.string() }), { owner: "customerId" });

const policy = definePolicy({
  site: "https://shop.example",
  upstreams: { commerce: { url: "https://commerce.example", credential: secret("env://NOT_SET_IN_TESTS") } },
  principals: { alice: { subject: "u-alice", scopes: ["reviews:write"] } },
  routes: [
    route("GET /api/products", {
      to: "commerce",
      access: anyone(),
      query: z.object({ page: z.coerce.number().optional() }),
    }),
    route("GET /api/users/:userId/orders", { to: "commerce", access: owner("userId"), response: z.array(Order) }),
    route("GET /api/orders/:id", { to: "commerce", access: signedIn(), response: Order }),
    route("POST /api/reviews", {
      to: "commerce",
      access: scope("reviews:write"),
      limit: "2/min per subject",
      body: z.object({ rating: z.int() }),
    }),
  ],
});

describe("simulating a request", () => {
  test("allows alice her own orders, and shows what would go upstream", async () => {
    const result = await simulate(policy, {
      request: "GET /api/users/u-alice/orders",
      as: "alice",
      upstream: { body: [] },
    });
    expect(result).toMatchObject({
      verdict: "allowed",
      route: "GET /api/users/:userId/orders",
      status: 200,
      body: "[]",
    });
    expect(result.sent).toMatchObject({ method: "GET", target: "/api/users/u-alice/orders" });
  });

  test("denies her somebody else's, with guard and reason", async () => {
    const result = await simulate(policy, { request: "GET /api/users/u-bob/orders", as: "alice" });
    expect(result).toMatchObject({
      verdict: "denied",
      guard: "access",
      problem: "access-denied",
      status: 403,
      sent: undefined,
    });
    expect(result.reason).toContain("userId");
  });

  test("judges the upstream's answer, too", async () => {
    const result = await simulate(policy, {
      request: "GET /api/orders/7",
      as: "alice",
      upstream: { body: { id: "7", customerId: "u-bob" } },
    });
    expect(result).toMatchObject({ verdict: "denied", guard: "ownership", status: 404 });
  });

  test("keeps its counters from one request to the next", async () => {
    const simulator = createSimulator(policy);
    const review = {
      request: "POST /api/reviews",
      as: { subject: "u-carol", scopes: ["reviews:write"] },
      body: { rating: 5 },
    };
    const statuses = [];
    for (let count = 0; count < 3; count += 1) statuses.push((await simulator.simulate(review)).status);
    expect(statuses).toEqual([204, 204, 429]);
  });

  test("goes through the same canonical form as a real request", async () => {
    expect(await simulate(policy, { request: "GET /api//products" })).toMatchObject({
      verdict: "denied",
      problem: "path-not-canonical",
    });
    expect(await simulate(policy, { request: "GET /api/products?page=02" })).toMatchObject({
      sent: { target: "/api/products?page=2" },
    });
  });

  test("says which callers are known when one is not", async () => {
    await expect(simulate(policy, { request: "GET /api/products", as: "mallory" })).rejects.toThrow("alice");
    await expect(simulate(policy, { request: "/api/products" })).rejects.toThrow("METHOD /path");
  });
});

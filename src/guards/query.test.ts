import { expect, test } from "vitest";
import { z } from "zod";
import { fakeEnv, fakeExchange } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { query } from "./query.ts";

const page = z.object({ page: z.coerce.number().int().min(1).optional(), tag: z.array(z.string()).optional() });

testGuard(query, {
  passes: [
    { name: "no query where none is declared", options: undefined },
    { name: "any query where the policy says so", options: "any", exchange: { query: [["draft", "true"]] } },
    { name: "declared keys", options: page, exchange: { query: [["page", "2"]] } },
    {
      name: "a repeated key that is a list",
      options: page,
      exchange: {
        query: [
          ["tag", "a"],
          ["tag", "b"],
        ],
      },
    },
    {
      name: "an undeclared key that is to be dropped",
      options: { schema: page, undeclared: "drop" },
      exchange: { query: [["utm_source", "mail"]] },
    },
  ],
  denies: [
    {
      name: "a query where none is declared",
      options: undefined,
      exchange: { query: [["status", "draft"]] },
      problem: "invalid-query",
    },
    {
      name: "a key that is not declared",
      options: page,
      exchange: { query: [["populate", "*"]] },
      problem: "invalid-query",
    },
    {
      name: "a declared key with a wrong value",
      options: page,
      exchange: { query: [["page", "0"]] },
      problem: "invalid-query",
    },
    {
      name: "a repeated key that is no list",
      options: page,
      exchange: {
        query: [
          ["page", "1"],
          ["page", "2"],
        ],
      },
      problem: "invalid-query",
    },
    {
      name: "a key of the prototype",
      options: page,
      exchange: { query: [["__proto__", "x"]] },
      problem: "invalid-query",
    },
    {
      name: "another case of a declared key",
      options: page,
      exchange: { query: [["Page", "1"]] },
      problem: "invalid-query",
    },
  ],
});

async function sentAfter(options: unknown, pairs: [string, string][], text: string): Promise<string> {
  const exchange = fakeExchange({ query: pairs, upstreamRequest: { query: text } });
  await query.create(query.options.parse(options), fakeEnv()).request?.(exchange);
  return exchange.upstreamRequest.query;
}

test("what goes upstream is what was judged: coerced values in their one spelling, dropped keys gone", async () => {
  expect(await sentAfter(page, [["page", "02"]], "page=02")).toBe("page=2");
  expect(
    await sentAfter(
      { schema: page, undeclared: "drop" },
      [
        ["utm", "x"],
        ["page", "2"],
      ],
      "utm=x&page=2",
    ),
  ).toBe("page=2");
  expect(await sentAfter(page, [["page", "2"]], "page=2")).toBe("page=2");
});

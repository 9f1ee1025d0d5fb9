import { expect, test } from "vitest";
import { z } from "zod";
import { fakeEnv, fakeExchange } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { HeadgateError } from "../lib/error.ts";
import { body } from "./body.ts";

const profile = z.object({ name: z.string().max(20), address: z.object({ city: z.string() }).optional() });
const json = { "content-type": "application/json" };
const form = { "content-type": "application/x-www-form-urlencoded" };

testGuard(body, {
  passes: [
    { name: "no body where none is declared", options: undefined },
    { name: "a body that fits", options: profile, exchange: { headers: json, body: '{"name":"a"}' } },
    {
      name: "any body where the policy says so",
      options: "any",
      exchange: { headers: { "content-type": "text/x" }, body: "x" },
    },
    { name: "a form that fits", options: { form: profile }, exchange: { headers: form, body: "name=a" } },
    {
      name: "raw bytes of a declared type",
      options: { raw: { types: ["text/*"] } },
      exchange: { headers: { "content-type": "text/csv" }, body: "a,b" },
    },
    { name: "no body where only raw bytes are declared", options: { raw: { types: ["text/csv"] } } },
  ],
  denies: [
    {
      name: "a body where none is declared",
      options: undefined,
      exchange: { headers: json, body: "{}" },
      problem: "unsupported-media-type",
    },
    { name: "a missing body", options: profile, problem: "malformed-body" },
    {
      name: "an undeclared member",
      options: profile,
      exchange: { headers: json, body: '{"name":"a","role":"admin"}' },
      problem: "invalid-body",
    },
    {
      name: "an undeclared member further in",
      options: profile,
      exchange: { headers: json, body: '{"name":"a","address":{"city":"b","isAdmin":true}}' },
      problem: "invalid-body",
    },
    {
      name: "a duplicate key",
      options: profile,
      exchange: { headers: json, body: '{"name":"a","name":"b"}' },
      problem: "malformed-body",
    },
    {
      name: "__proto__",
      options: profile,
      exchange: { headers: json, body: '{"name":"a","__proto__":{}}' },
      problem: "malformed-body",
    },
    {
      name: "JSON as text/plain, which needs no preflight",
      options: profile,
      exchange: { headers: { "content-type": "text/plain" }, body: '{"name":"a"}' },
      problem: "unsupported-media-type",
    },
    {
      name: "two content types",
      options: profile,
      exchange: { headers: { "content-type": "application/json, text/plain" }, body: '{"name":"a"}' },
      problem: "unsupported-media-type",
    },
    {
      name: "a form with a repeated field",
      options: { form: profile },
      exchange: { headers: form, body: "name=a&name=b" },
      problem: "malformed-body",
    },
    {
      name: "a form with an undeclared field",
      options: { form: profile },
      exchange: { headers: form, body: "name=a&role=admin" },
      problem: "invalid-body",
    },
  ],
});

test("what the upstream gets is the judged value, written anew", async () => {
  const exchange = fakeExchange({
    headers: { ...json, "content-encoding": "gzip" },
    body: '  { "name" : "\\u0061" } ',
  });
  await body.create(body.options.parse(profile), fakeEnv()).request?.(exchange);
  const { upstreamRequest } = exchange;
  expect(new TextDecoder().decode(upstreamRequest.body)).toBe('{"name":"a"}');
  expect(upstreamRequest.headers.get("content-length")).toBe("12");
  expect(upstreamRequest.headers.get("content-encoding")).toBeUndefined();
  expect(exchange.parsedBody).toEqual({ name: "a" });
});

test("a body that breaks off is left to the flow, an unknown coding is a type that is not taken", async () => {
  const failing = (error: Error) => ({
    present: true,
    declaredLength: undefined,
    limit: () => undefined,
    async read() {
      throw error;
    },
    stream: () => [] as never,
  });
  const judge = body.create(body.options.parse(profile), fakeEnv());
  const late = fakeExchange({ headers: json, body: failing(new HeadgateError("body-timeout", "stopped")) });
  await expect(judge.request?.(late)).rejects.toMatchObject({ code: "body-timeout" });
  const coded = fakeExchange({ headers: json, body: failing(new HeadgateError("body-undecodable", "zebra")) });
  expect(await judge.request?.(coded)).toMatchObject({ problem: "unsupported-media-type" });
});

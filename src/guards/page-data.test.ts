import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fakeRoute } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { pageData } from "./page-data.ts";

const Product = z.object({ product: z.object({ name: z.string() }).optional() });
const options = { elements: { "page-data": Product } };
const env = { route: { ...fakeRoute, page: true } };
const headers = { "content-type": "text/html; charset=utf-8" };
const script = (data: string, id = "page-data") => `<p><script type="application/json" id="${id}">${data}</script>`;

testGuard(pageData, {
  passes: [
    { name: "declared data", options, exchange: { response: { headers, body: script('{"product":{"name":"x"}}') } } },
    { name: "data that nobody knows, emptied", options, exchange: { response: { headers, body: script("1", "x") } } },
  ],
  denies: [],
});

async function sent(body: string, more: Partial<Parameters<typeof respond>[3]> = {}) {
  return respond(pageData, options, { response: { headers: { ...headers, etag: '"1"' }, body } }, { ...env, ...more });
}

describe("the data of a page", () => {
  test("loses what its schema does not declare, however the page is cut", async () => {
    const page = script('{"product":{"name":"Lamp","costPrice":4.5},"token":"x"}');
    expect((await sent(page)).text).toBe(script('{"product":{"name":"Lamp"}}'));
    const streamed = await respond(pageData, options, { response: { headers, body: inParts(page, 3) } }, env);
    expect(streamed.text).toBe(script('{"product":{"name":"Lamp"}}'));
  });

  test.each([
    ["does not fit", '{"product":{"name":7}}'],
    ["is no JSON", "{product}"],
    ["is no text", "\uFFFE\u0000"],
    ["is nothing", ""],
  ])("that %s is emptied, and somebody is told", async (_, data) => {
    const { text, notes } = await sent(script(data));
    expect(text).toBe(script("null"));
    expect(notes).toMatchObject([{ event: "data.withheld" }]);
  });

  test("under a name that the policy does not know is emptied", async () => {
    expect((await sent(script('{"a":1}', "other"))).text).toBe(script("null", "other"));
    expect((await sent('<script type=" Application/JSON ">1</script>')).text).toContain(">null<");
  });

  test("cannot end its own element", async () => {
    const { text } = await sent(script('{"product":{"name":"\\u003c/script>\\u003cimg onerror=x>"}}'));
    expect(text).toBe(script('{"product":{"name":"\\u003c/script>\\u003cimg onerror=x>"}}'));
  });

  test("scripts, other types and answers that are no pages stay as they are", async () => {
    const page = '<script>let a = {"b":1}</script><script type="application/ld+json">{"x":1}</script>';
    expect((await sent(page)).text).toBe(page);
    const json = { response: { headers: { "content-type": "application/json" }, body: script("1") } };
    expect((await respond(pageData, options, json, env)).text).toBe(script("1"));
  });

  test("is sent as it is while the guard only reports", async () => {
    expect((await sent(script('{"token":1}'), { mode: "report" })).text).toBe(script('{"token":1}'));
  });

  test("what is rewritten has no validator of what it was", async () => {
    expect((await sent(script("{}"))).headers.has("etag")).toBe(false);
  });
});

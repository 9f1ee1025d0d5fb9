/** What the guard `graphql` sends upstream, and how its refusals look. */
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { ask, files, get, post } from "../../test/support/graphql-cases.ts";
import { runHooks } from "../../test/support/test-guard.ts";
import { graphql } from "./graphql.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

type Options = z.input<typeof graphql.options>;

const withSchema = (options: Options): Options => ({ schema: "schema.graphql", ...options });

describe("what goes upstream", () => {
  async function sent(options: Options, exchange: FakeExchangeInit, env: Partial<GuardEnv> = files) {
    const fake = fakeExchange(exchange);
    const verdict = await runHooks(
      { request: graphql.create(graphql.options.parse(options), fakeEnv(env)).request?.bind(undefined) as never },
      fake,
    );
    const { body, headers, query } = fake.upstreamRequest;
    return {
      verdict,
      body: body && (JSON.parse(new TextDecoder().decode(body)) as unknown),
      headers,
      query,
      parsed: fake.parsedBody,
    };
  }

  test("is the request as it was judged, and nothing beside", async () => {
    const request = {
      query: "query A($a:Int){a(x:$a)}",
      operationName: "A",
      variables: { a: 1 },
      extensions: { clientLibrary: { name: "x" }, trace: 1 },
    };
    const { body, headers } = await sent(
      { requestExtensions: ["trace"] },
      post(request, { headers: { accept: "text/html,*/*" } }),
    );
    expect(body).toEqual({ ...request, extensions: { trace: 1 } });
    expect(headers.get("accept")).toBe("application/json");
    expect(headers.get("content-type")).toBe("application/json");
  });

  test("has the document in the place of its id", async () => {
    const { body } = await sent({ persisted: { manifest: "persisted.json", trusted: "only" } }, post({ id: "def456" }));
    expect(body).toEqual({ query: "mutation Login{login}" });
  });

  test("has no hash: a service that kept documents by what clients call them could be given another", async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: "00" } };
    const options: Options = {
      persisted: { manifest: "persisted.json", trusted: "prefer" },
      requestExtensions: ["persistedQuery"],
    };
    expect((await sent(options, ask("{a}", {}, { extensions }))).body).toEqual({ query: "{a}" });
  });

  test("by GET is the members alone", async () => {
    const exchange: FakeExchangeInit = { ...get("query A($a:Int){a(x:$a)}"), query: [["v", "1"]] };
    const { query } = await sent(
      { get: true },
      { ...exchange, claimedQuery: [...(exchange.claimedQuery ?? []), ["variables", '{"a":1}'], ["id", ""]] },
    );
    expect([...new URLSearchParams(query)]).toEqual([
      ["v", "1"],
      ["query", "query A($a:Int){a(x:$a)}"],
      ["variables", '{"a":1}'],
    ]);
  });

  test("asks for the owner of every object of an owned type, however it is reached", async () => {
    const options = withSchema({ owners: { Order: "customerId", User: { field: "id" } } });
    const query =
      "{me{orders{total}} node(id:1){id ...on Order{total}} search{...F __typename}} fragment F on Order{id}";
    const { body } = await sent(options, ask(query));
    expect(body).toEqual({
      query:
        "{me{headgateOwner_User:id orders{headgateOwner_Order:customerId total}} " +
        "node(id:1){... on User{headgateOwner_User:id} ... on Order{headgateOwner_Order:customerId} id ...on Order{headgateOwner_Order:customerId total}} " +
        "search{... on User{headgateOwner_User:id} ... on Order{headgateOwner_Order:customerId} ...F __typename}} " +
        "fragment F on Order{headgateOwner_Order:customerId id}",
    });
  });

  test("stays as it came where the guard only reports", async () => {
    const options = withSchema({ owners: { Order: "customerId" } });
    const request = '{ "query": "{order(id:1){total}}", "extensions": {"x":1} }';
    const fake = fakeExchange(post(request, { headers: { accept: "*/*" } }));
    const hooks = graphql.create(graphql.options.parse(options), fakeEnv({ ...files, mode: "report" }));
    expect((await hooks.request?.(fake))?.kind).toBe("pass");
    expect(new TextDecoder().decode(fake.upstreamRequest.body)).toBe(request);
    expect(fake.upstreamRequest.headers.get("accept")).toBe("*/*");
  });

  test("shows later guards the variables and the texts of the document", async () => {
    const { parsed } = await sent(
      {},
      ask('query($a:X){a(x:"one",y:[{z:"""two"""}]) b@d(x:"three")}', {}, { variables: { a: { b: "four" } } }),
    );
    expect(parsed).toEqual({ variables: { a: { b: "four" } }, texts: ["one", "two", "three"] });
  });
});

describe("refusals", () => {
  const shape = (accept: string | undefined) => {
    const hooks = graphql.create(graphql.options.parse({}), fakeEnv());
    const exchange = fakeExchange(accept === undefined ? {} : { headers: { accept } });
    return hooks.refusal?.({ problem: "access-denied", status: 403, requestId: "42" }, exchange);
  };

  test("are errors of GraphQL that hold the problem", () => {
    expect(JSON.parse(shape("*/*")?.body ?? "")).toEqual({
      errors: [
        {
          message: "Access is denied.",
          extensions: {
            code: "ACCESS_DENIED",
            type: "urn:headgate:problem:access-denied",
            status: 403,
            instance: "urn:uuid:42",
          },
        },
      ],
    });
  });

  test("have the type that the client takes, and stay problems for whoever takes none", () => {
    const types = [
      undefined,
      "*/*",
      "application/json",
      "application/graphql-response+json;q=1, */*",
      "text/html",
      "application/problem+json",
      "text/event-stream",
    ];
    expect(types.map((accept) => shape(accept)?.contentType)).toEqual([
      "application/json; charset=utf-8",
      "application/json; charset=utf-8",
      "application/json; charset=utf-8",
      "application/graphql-response+json; charset=utf-8",
      undefined,
      undefined,
      undefined,
    ]);
  });
});

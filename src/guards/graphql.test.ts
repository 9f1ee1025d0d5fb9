import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { anyone, owner, scope, signedIn } from "../lib/access.ts";
import { runHooks, testGuard } from "../../test/support/test-guard.ts";
import { fakeEnv, fakeExchange, type FakeExchangeInit, fakePrincipal } from "../../test/support/exchange.ts";
import { graphql } from "./graphql.ts";
import type { GuardEnv } from "./guard.ts";

type Options = z.input<typeof graphql.options>;

const sdl = `
  type Query { me: User user(id: ID!, by: Key): User users: [User!]! node(id: ID!): Node order(id: ID!): Order search(first: Int): [Found!]! default(id: ID = "bob"): User }
  type Mutation { login(name: String, password: String): User rename(input: Rename!): User }
  input Rename { id: ID! name: String } input Key { id: ID }
  interface Node { id: ID! secret: String }
  type User implements Node { id: ID! email: String secret: String orders: [Order!]! }
  type Order implements Node { id: ID! customerId: ID! total: Int secret: String }
  union Found = User | Order
`;
const manifest = JSON.stringify({
  format: "apollo-persisted-query-manifest",
  version: 1,
  operations: [
    { id: "abc123", name: "Deep", type: "query", body: "query Deep($n:Int){a{b{c{d(first:$n){e}}}}}" },
    { id: "sha256:def456", name: "Login", type: "mutation", body: "mutation Login{login}" },
  ],
});
const files: Partial<GuardEnv> = {
  file: (path) => {
    if (path === "schema.graphql") return sdl;
    if (path === "persisted.json") return manifest;
    throw new Error(`the file "${path}" cannot be read (ENOENT)`);
  },
};

const json = { "content-type": "application/json" };
function post(request: unknown, more: FakeExchangeInit = {}): FakeExchangeInit {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  return { method: "POST", body, ...more, headers: { ...json, ...more.headers } };
}
const ask = (query: string, more: FakeExchangeInit = {}, members: object = {}) => post({ query, ...members }, more);
const get = (query: string): FakeExchangeInit => ({ method: "GET", claimedQuery: [["query", query]] });
const alice = { principal: fakePrincipal({ subject: "alice" }) };
const withSchema = (options: Options): Options => ({ schema: "schema.graphql", ...options });

const access: Options = withSchema({
  access: {
    "*": anyone(),
    "Query.me": signedIn(),
    "Query.user": owner("id"),
    "Query.default": owner("id"),
    "Query.users": scope("admin"),
    "Mutation.*": signedIn(),
    "Mutation.login": anyone(),
    "Mutation.rename": owner({ body: "input.id" }),
    "User.email": scope("email"),
    "Node.secret": scope("secrets"),
  },
});

testGuard(graphql, {
  passes: [
    { name: "a query by POST", options: {}, exchange: ask("{a{b}}") },
    {
      name: "members that are null",
      options: {},
      exchange: ask("{a}", {}, { variables: null, operationName: null, extensions: null }),
    },
    {
      name: "the named operation of several",
      options: { operations: 2 },
      exchange: ask("query A{a} query B{b}", {}, { operationName: "B" }),
    },
    {
      name: "an empty name of the only operation",
      options: {},
      exchange: ask("query A{a}", {}, { operationName: "" }),
    },
    { name: "a batch within its bound", options: { batch: 2 }, exchange: post([{ query: "{a}" }, { query: "{b}" }]) },
    { name: "a query by GET where GET is taken", options: { get: true }, exchange: get("{a}") },
    { name: "`__typename`", options: {}, exchange: ask("{__typename}") },
    {
      name: "introspection where it is allowed",
      options: { introspection: true },
      exchange: ask("{__schema{types{name}}}"),
    },
    {
      name: "introspection of whom a rule allows",
      options: { introspection: signedIn() },
      exchange: ask("{__schema{types{name}}}", alice),
    },
    { name: "an owner's own object", options: access, env: files, exchange: ask('{user(id:"alice"){id}}', alice) },
    {
      name: "an owner by variable",
      options: access,
      env: files,
      exchange: ask("query($i:ID!){user(id:$i){id}}", alice, { variables: { i: "alice" } }),
    },
    {
      name: "an owner by a variable's default",
      options: access,
      env: files,
      exchange: ask('query($i:ID="alice"){user(id:$i){id}}', alice),
    },
    {
      name: "an owner within an input object",
      options: access,
      env: files,
      exchange: ask("mutation($r:Rename!){rename(input:$r){id}}", alice, { variables: { r: { id: "alice" } } }),
    },
    {
      name: "a whole number as an id",
      options: access,
      env: files,
      exchange: ask("{user(id:7){id}}", { principal: fakePrincipal({ subject: "7" }) }),
    },
    { name: "the narrower rule of a type", options: access, env: files, exchange: ask("mutation{login{id}}") },
    {
      name: "a persisted document by its hash",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: post({ extensions: { persistedQuery: { version: 1, sha256Hash: "abc123" } } }),
    },
    {
      name: "a persisted document by its id",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: post({ documentId: "sha256:def456" }),
    },
    {
      name: "a persisted document by its text",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: ask("mutation Login{login}"),
    },
    {
      name: "a persisted document beyond the shape that others keep",
      options: { depth: 2, persisted: { manifest: "persisted.json", trusted: "prefer" } },
      env: files,
      exchange: post({ id: "abc123" }),
    },
    {
      name: "another document within the limits, where persisted ones are preferred",
      options: { persisted: { manifest: "persisted.json", trusted: "prefer" } },
      env: files,
      exchange: ask("{a}"),
    },
  ],
  denies: [
    {
      name: "a query by GET",
      options: {},
      exchange: get("{a}"),
      problem: "method-not-allowed",
      headers: { allow: "POST" },
    },
    {
      name: "a mutation by GET where queries are taken",
      options: { get: true },
      exchange: get("mutation{a}"),
      problem: "method-not-allowed",
    },
    {
      name: "a GET without a query, as for an IDE",
      options: { get: true },
      exchange: { method: "GET", headers: { accept: "text/html" } },
      problem: "invalid-query",
    },
    {
      name: "a member by GET given twice",
      options: { get: true },
      exchange: {
        method: "GET",
        claimedQuery: [
          ["query", "{a}"],
          ["query", "{b}"],
        ],
      },
      problem: "invalid-query",
    },
    ...[
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "text/plain",
      "application/graphql",
      "",
      "application/json; charset=utf-16",
    ].map((type) => ({
      name: `a body of the type "${type}"`,
      options: {},
      exchange: ask("{a}", { headers: { "content-type": type } }),
      problem: "unsupported-media-type" as const,
    })),
    { name: "no body", options: {}, exchange: { method: "POST", headers: json }, problem: "malformed-body" },
    { name: "no JSON", options: {}, exchange: post("{"), problem: "malformed-body" },
    {
      name: "a query given twice",
      options: {},
      exchange: post('{"query":"{a}","query":"{b}"}'),
      problem: "malformed-body",
    },
    {
      name: "a member that requests do not have",
      options: {},
      exchange: ask("{a}", {}, { mutation: "x" }),
      problem: "malformed-body",
    },
    { name: "a batch", options: {}, exchange: post([{ query: "{a}" }]), problem: "operation-too-large" },
    {
      name: "a batch beyond its bound",
      options: { batch: 2 },
      exchange: post([{ query: "{a}" }, { query: "{a}" }, { query: "{a}" }]),
      problem: "operation-too-large",
    },
    { name: "a batch of nothing", options: { batch: 2 }, exchange: post([]), problem: "malformed-body" },
    {
      name: "a batch that together costs too much",
      options: { batch: 3, cost: 5 },
      exchange: post([{ query: "{a b}" }, { query: "{a b}" }, { query: "{a b}" }]),
      problem: "operation-too-large",
    },
    { name: "too deep", options: { depth: 2 }, exchange: ask("{a{b{c}}}"), problem: "operation-too-large" },
    {
      name: "too deep within fragments",
      options: { depth: 2 },
      exchange: ask("{...F} fragment F on Query{a{...G}} fragment G on A{b{c}}"),
      problem: "operation-too-large",
    },
    {
      name: "too many fields in one set",
      options: { height: 3 },
      exchange: ask("{a{b c ...{d e}}}"),
      problem: "operation-too-large",
    },
    {
      name: "too many fields at the root",
      options: { rootFields: 2 },
      exchange: ask("{a b c}"),
      problem: "operation-too-large",
    },
    { name: "too many aliases", options: { aliases: 1 }, exchange: ask("{a:x b:x}"), problem: "operation-too-large" },
    {
      name: "too many directives",
      options: { directives: 2, directivesPerPlace: 9 },
      exchange: ask("{a@x b@x c@x}"),
      problem: "operation-too-large",
    },
    {
      name: "too many directives at one place",
      options: {},
      exchange: ask("{a@x@x@x@x}"),
      problem: "operation-too-large",
    },
    {
      name: "too many fields again",
      options: { duplicates: 1 },
      exchange: ask("{a{b b b}}"),
      problem: "operation-too-large",
    },
    {
      name: "too many tokens",
      options: { tokens: 10 },
      exchange: ask("{a b c d e f g h i j}"),
      problem: "operation-too-large",
    },
    {
      name: "too high a cost",
      options: { cost: 100 },
      exchange: ask("{a(first:100){b}}"),
      problem: "operation-too-large",
    },
    {
      name: "too high a cost by a variable",
      options: { cost: 100 },
      exchange: ask("query($n:Int){a(first:$n){b}}", {}, { variables: { n: 1000 } }),
      problem: "operation-too-large",
    },
    {
      name: "a second operation that is too deep, though another is asked for",
      options: { depth: 2, operations: 2 },
      exchange: ask("query A{a} query B{a{b{c}}}", {}, { operationName: "A" }),
      problem: "operation-too-large",
    },
    {
      name: "several operations and no name",
      options: { operations: 2 },
      exchange: ask("query A{a} query B{b}"),
      problem: "invalid-operation",
    },
    {
      name: "a name that no operation has",
      options: {},
      exchange: ask("query A{a}", {}, { operationName: "B" }),
      problem: "invalid-operation",
    },
    { name: "what is no GraphQL", options: {}, exchange: ask("select * from users"), problem: "invalid-operation" },
    {
      name: "introspection",
      options: {},
      exchange: ask("{__schema{types{name}}}"),
      problem: "operation-not-permitted",
    },
    {
      name: "introspection of strangers",
      options: { introspection: signedIn() },
      exchange: ask("{__schema{types{name}}}"),
      problem: "unauthenticated",
    },
    {
      name: "a subscription as a call",
      options: {},
      exchange: ask("subscription{a}"),
      problem: "operation-not-permitted",
    },
    {
      name: "a field of somebody else's",
      options: access,
      env: files,
      exchange: ask('{user(id:"bob"){id}}', alice),
      problem: "access-denied",
    },
    {
      name: "a field of somebody else's behind one's own",
      options: access,
      env: files,
      exchange: ask('{user(id:"alice"){id} b:user(id:"bob"){id}}', alice),
      problem: "access-denied",
    },
    {
      name: "a field of somebody else's in a fragment",
      options: access,
      env: files,
      exchange: ask('{...F} fragment F on Query{...{user(id:"bob"){id}}}', alice),
      problem: "access-denied",
    },
    {
      name: "a field of somebody else's deep within",
      options: access,
      env: files,
      exchange: ask('query($i:ID="bob"){user(id:$i){id}}', alice, { variables: { j: "alice" } }),
      problem: "access-denied",
    },
    {
      name: "an owner by the schema's default",
      options: access,
      env: files,
      exchange: ask("{default{id}}", alice),
      problem: "access-denied",
    },
    {
      name: "an owner in a list",
      options: access,
      env: files,
      exchange: ask("query($i:ID!){user(id:$i){id}}", alice, { variables: { i: ["alice"] } }),
      problem: "access-denied",
    },
    {
      name: "somebody else within an input object",
      options: access,
      env: files,
      exchange: ask('mutation{rename(input:{id:"bob"}){id}}', alice),
      problem: "access-denied",
    },
    {
      name: "a stranger where one has to be signed in",
      options: access,
      env: files,
      exchange: ask("{me{id}}"),
      problem: "unauthenticated",
      headers: { "www-authenticate": "Bearer" },
    },
    {
      name: "a caller without the scope",
      options: access,
      env: files,
      exchange: ask("{users{id}}", alice),
      problem: "insufficient-scope",
    },
    {
      name: "a field of a type, however it is reached",
      options: access,
      env: files,
      exchange: ask("{search(first:1){...on User{email}}}", alice),
      problem: "insufficient-scope",
    },
    {
      name: "a rule of an interface on its types",
      options: access,
      env: files,
      exchange: ask("{order(id:1){secret}}", alice),
      problem: "insufficient-scope",
    },
    {
      name: "a rule of a type's interface on the interface",
      options: access,
      env: files,
      exchange: ask("{node(id:1){secret}}", alice),
      problem: "insufficient-scope",
    },
    {
      name: "a root field that nobody named",
      options: { access: { "Query.a": anyone() } },
      exchange: ask("{a b}", alice),
      problem: "access-denied",
    },
    {
      name: "a root field that nobody named, behind a condition",
      options: { access: { "Query.a": anyone() } },
      exchange: ask("{...on Node{b}}", alice),
      problem: "access-denied",
    },
    {
      name: "a document that is not persisted",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: ask("mutation Login{login }"),
      problem: "operation-not-permitted",
    },
    {
      name: "an id that nobody knows",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: post({ documentId: "000" }),
      problem: "operation-not-permitted",
    },
    {
      name: "another document under a known id",
      options: { persisted: { manifest: "persisted.json", trusted: "prefer" } },
      env: files,
      exchange: post({ query: "{a}", documentId: "abc123" }),
      problem: "invalid-operation",
    },
    {
      name: "two ids",
      options: { persisted: { manifest: "persisted.json", trusted: "prefer" } },
      env: files,
      exchange: post({ id: "abc123", documentId: "def456" }),
      problem: "malformed-body",
    },
    {
      name: "a persisted document whose variables cost too much",
      options: { persisted: { manifest: "persisted.json", trusted: "only" } },
      env: files,
      exchange: post({ id: "abc123", variables: { n: 1e6 } }),
      problem: "operation-too-large",
    },
    {
      name: "aliases of a limited field",
      options: { limits: [{ field: "Mutation.login", rate: "5/min" }] },
      exchange: ask(`mutation{${"abcdef".replaceAll(/./g, "$&:login ")}}`),
      problem: "rate-limited",
      headers: { "retry-after": "12" },
    },
    {
      name: "a limited field in fragments",
      options: { limits: [{ field: "Mutation.login", rate: "3/min" }] },
      exchange: ask("mutation{...F ...G} fragment F on Mutation{a:login b:login} fragment G on Mutation{...F c:login}"),
      problem: "rate-limited",
    },
    {
      name: "a limited field in a batch",
      options: { batch: 3, limits: [{ field: "Mutation.login", rate: "2/min" }] },
      exchange: post([{ query: "mutation{login}" }, { query: "mutation{login}" }, { query: "mutation{login}" }]),
      problem: "rate-limited",
    },
    {
      name: "what costs more than is left",
      options: { limits: [{ cost: true, rate: "10/min" }] },
      before: [ask("{a b c d e f}")],
      exchange: ask("{a b c d e}"),
      problem: "rate-limited",
    },
    {
      name: "a persisted operation too often",
      options: {
        persisted: { manifest: "persisted.json", trusted: "only" },
        limits: [{ operation: "Login", rate: "1/min" }],
      },
      env: files,
      before: [post({ id: "def456" })],
      exchange: post({ id: "def456" }),
      problem: "rate-limited",
    },
  ],
  answers: [
    {
      name: "the first half of an automatic persisted query",
      options: { persisted: { manifest: "persisted.json", trusted: "prefer" } },
      env: files,
      exchange: post({ extensions: { persistedQuery: { version: 1, sha256Hash: "00" } } }),
      status: 200,
    },
    {
      name: "a persisted query where there are none",
      options: {},
      exchange: post(
        { extensions: { persistedQuery: { version: 1, sha256Hash: "00" } } },
        { headers: { accept: "application/graphql-response+json" } },
      ),
      status: 400,
    },
  ],
});

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

describe("a policy that cannot be kept is refused", () => {
  const create =
    (options: Options, env: Partial<GuardEnv> = files) =>
    () =>
      void graphql.create(graphql.options.parse(options), fakeEnv(env));

  for (const [name, options, message] of [
    [
      "a rule below the root without a schema",
      { access: { "User.email": anyone() } },
      /"User.email" is about a type below the root/,
    ],
    [
      "a type that does not exist",
      withSchema({ access: { "Usr.email": anyone() } }),
      /names a type that the schema does not have: did you mean "User"\?/,
    ],
    [
      "a field that does not exist",
      withSchema({ access: { "User.mail": anyone() } }),
      /names a field that the schema does not have: did you mean "email"\?/,
    ],
    [
      "an argument that does not exist",
      withSchema({ access: { "Query.user": owner("userId") } }),
      /compares the argument "userId", which the field does not have/,
    ],
    [
      "the owner of a whole type",
      withSchema({ access: { "Query.*": owner("id") } }),
      /compares the argument "id", which the field does not have/,
    ],
    ["an owner in a query", withSchema({ access: { "Query.user": owner({ query: "id" }) } }), /asks for a query key/],
    ["owners without a schema", { owners: { Order: "customerId" } }, /owners.Order needs the schema/],
    ["an owner that is no value", withSchema({ owners: { User: "orders" } }), /no single value/],
    ["the owner of an interface", withSchema({ owners: { Node: "id" } }), /owners.Node is no object type/],
    [
      "a limit of a field that does not exist",
      withSchema({ limits: [{ field: "Mutation.logn", rate: "5/min" }] }),
      /did you mean "login"/,
    ],
    [
      "a limit by a name that anybody can change",
      { limits: [{ operation: "Login", rate: "5/min" }] },
      /anybody can rename theirs/,
    ],
    ["a schema that is not there", { schema: "missing.graphql" }, /"missing.graphql" cannot be read/],
    [
      "a manifest that is not there",
      { persisted: { manifest: "missing.json", trusted: "only" } },
      /"missing.json" cannot be read/,
    ],
  ] as const satisfies readonly (readonly [string, Options, RegExp])[]) {
    test(name, () => expect(create(options)).toThrow(message));
  }

  test("at the top, for every route", () =>
    expect(create({}, { declaredOn: "policy" })).toThrow(/stands on the route/));

  test("without the package", () => {
    const graphql = () => {
      throw new Error('the package "graphql" is not installed: npm install graphql@^17 (or ^16.11)');
    };
    expect(create({}, { graphql })).toThrow(/npm install graphql/);
  });

  test("a schema that is none, and a manifest that is none", () => {
    expect(create({ schema: "x" }, { file: () => "type {" })).toThrow(/"x" is not valid SDL/);
    expect(create({ persisted: { manifest: "x", trusted: "only" } }, { file: () => "{}" })).toThrow(/is empty/);
    expect(create({ persisted: { manifest: "x", trusted: "only" } }, { file: () => "[1]" })).toThrow(/another form/);
  });
});

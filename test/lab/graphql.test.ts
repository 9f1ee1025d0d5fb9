/**
 * The product's claim for GraphQL: each weakness is open on the bare lab and closed behind the gateway, none of
 * graphql-cop's classes of probes finds anything, and what the shop asks for is answered as without the gateway.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallAnswer, type CallOptions, type LabGateway, startLabGateway } from "../support/lab-gateway.ts";
import { isOfGraphql, readWeaknesses } from "../support/weaknesses.ts";

const alice = "a11ce000-0000-4000-8000-000000000001";
const bob = "b0b00000-0000-4000-8000-000000000002";
const bobsOrder = "fff591d8-ebfd-5910-9494-6ea9217772c0";
const product = "d59d2a7e-fccb-5590-abf4-479b00126f73";

const post = "POST /graphql";
const byGet = (query: string) => `GET /graphql?query=${encodeURIComponent(query)}`;
const times = (count: number, write: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => write(n)).join(" ");
const form = { "content-type": "application/x-www-form-urlencoded" };
const deep = `{product(id:"${product}"){reviews{product{reviews{product{reviews{product{reviews{author{email}}}}}}}}}}`;

interface Weakness {
  readonly control: string;
  readonly name: string;
  readonly call?: string;
  readonly options?: CallOptions;
  /** What the bare lab's answer shows. */
  readonly shows: string;
  readonly status: number;
  readonly code: string;
}

const weaknesses: readonly Weakness[] = [
  {
    control: "api-graphql",
    name: "Introspection",
    options: { body: { query: "{__schema{types{name}}}" } },
    shows: "ProfileChanges",
    status: 403,
    code: "OPERATION_NOT_PERMITTED",
  },
  {
    control: "api-graphql",
    name: "Field names are suggested",
    options: { body: { query: "{users{passwordHas}}" } },
    shows: "Did you mean",
    status: 400,
    code: "INVALID_OPERATION",
  },
  {
    control: "api-graphql",
    name: "The IDE in production",
    call: "GET /graphql",
    options: { headers: { accept: "text/html,*/*;q=0.8" } },
    shows: "Shop lab",
    status: 405,
    code: "METHOD_NOT_ALLOWED",
  },
  {
    control: "api-graphql",
    name: "Anybody's data without a token",
    options: { body: { query: `{user(id:"${bob}"){email orders{total}}}` } },
    shows: "bob@shop.example",
    status: 401,
    code: "UNAUTHENTICATED",
  },
  {
    control: "api-graphql",
    name: "anybody's data with the token of somebody else",
    options: { as: "alice", body: { query: `{user(id:"${bob}"){email orders{total}}}` } },
    shows: "bob@shop.example",
    status: 403,
    code: "ACCESS_DENIED",
  },
  {
    control: "api-graphql",
    name: "anybody's data, the id in a variable and its default",
    options: {
      as: "alice",
      body: {
        query: `query($mine:ID="${alice}",$id:ID="${bob}"){user(id:$mine){id} other:user(id:$id){...F}} fragment F on User{email}`,
      },
    },
    shows: "bob@shop.example",
    status: 403,
    code: "ACCESS_DENIED",
  },
  {
    control: "api-graphql",
    name: "Any depth",
    options: { body: { query: deep } },
    shows: '"email"',
    status: 400,
    // The public schema does not lead from reviews to their authors at all.
    code: "INVALID_OPERATION",
  },
  {
    control: "api-graphql",
    name: "any depth, within what the schema has",
    options: { body: { query: deep.replace("author{email}", "text") } },
    shows: '"text"',
    status: 400,
    code: "OPERATION_TOO_LARGE",
  },
  {
    control: "api-graphql",
    name: "Any number of aliases",
    options: { body: { query: `{${times(500, (n) => `a${n}:articles{title}`)}}` } },
    shows: '"a499"',
    status: 400,
    code: "OPERATION_TOO_LARGE",
  },
  {
    control: "api-graphql",
    name: "Batches of up to 1,000 operations",
    options: { body: Array.from({ length: 100 }, () => ({ query: "{__typename}" })) },
    shows: '"__typename":"Query"',
    status: 400,
    code: "OPERATION_TOO_LARGE",
  },
  {
    control: "api-graphql",
    name: "Mutations by GET and without a token",
    call: byGet(`mutation{updateProfile(userId:"${alice}",changes:{creditLimit:77}){creditLimit}}`),
    shows: '"creditLimit":77',
    status: 405,
    code: "METHOD_NOT_ALLOWED",
  },
  {
    control: "api-graphql",
    name: "Form-encoded operations, which need no preflight",
    options: { headers: form, body: `query=${encodeURIComponent("{__typename}")}` },
    shows: '"__typename":"Query"',
    status: 415,
    code: "UNSUPPORTED_MEDIA_TYPE",
  },
];

let stack: LabGateway;
beforeAll(async () => {
  stack = await startLabGateway();
}, 60_000);
afterAll(() => stack.stop());

const ask = (query: string, options: CallOptions = {}) => stack.guarded(post, { body: { query }, ...options });
const read = ({ text }: CallAnswer) =>
  JSON.parse(text) as { data?: unknown; errors?: readonly Record<string, unknown>[] };
const codeOf = (answer: CallAnswer) => (read(answer).errors?.[0]?.["extensions"] as { code?: string })?.code;

describe("weaknesses", () => {
  const shown = new Set<string>();

  for (const { control, name, call = post, options = {}, shows, status, code } of weaknesses) {
    test(`${control}: ${name}`, async () => {
      shown.add(`${control}: ${name}`);
      expect((await stack.bare(call, options)).text).toContain(shows);
      const guarded = await stack.guarded(call, options);
      expect([guarded.status, codeOf(guarded)]).toEqual([status, code]);
      expect(guarded.text).not.toContain(shows);
      // How high a limit is would tell how far below it one has to stay.
      expect(Object.keys(read(guarded).errors?.[0] ?? {})).toEqual(["message", "extensions"]);
      expect(guarded.text.replaceAll(/urn:uuid:[\w-]+|"status":\d+/g, "")).not.toMatch(/\d/);
    });
  }

  test("api-error-leak: GraphQL errors with the resolver's stack", async () => {
    shown.add("api-error-leak: GraphQL errors with the resolver's stack");
    const query = '{products(search:"\'"){name}}';
    expect((await stack.bare(post, { body: { query } })).text).toContain("stacktrace");
    const guarded = await ask(query);
    expect(guarded.status).toBe(200);
    expect(read(guarded)).toEqual({ errors: [{ message: "The operation failed." }], data: null });
  });

  test("every GraphQL weakness that the lab documents has its pair here", () => {
    const claimed = readWeaknesses("api").filter(isOfGraphql);
    expect(claimed.length).toBe(10);
    expect(claimed.filter(({ control, title }) => !shown.has(`${control}: ${title}`))).toEqual([]);
  });
});

describe("graphql-cop's classes of probes", () => {
  const introspection = "query cop {__schema {types {name fields {name}}}}";
  // The lab's library itself bounds how often a list of fields may stand in another: twice is what it lets through.
  const circular = "query cop {__schema {types {fields {type {fields {type {name}}}}}}}";
  /** What the probe sends, and by what it says that it has found something. */
  const probes: readonly (readonly [string, string, CallOptions, (answer: CallAnswer) => boolean])[] = [
    [
      "alias overloading",
      post,
      { body: { query: `{${times(101, (n) => `alias${n}:__typename`)}}` } },
      (a) => a.text.includes("alias100"),
    ],
    [
      "array batches",
      post,
      { body: Array.from({ length: 10 }, () => ({ query: "{__typename}" })) },
      (a) => a.text.startsWith("["),
    ],
    [
      "directive overloading",
      post,
      { body: { query: `{__typename ${"@aa".repeat(10)}}` } },
      (a) => read(a).errors?.length === 10,
    ],
    ["circular introspection", post, { body: { query: circular } }, (a) => a.text.includes('"types"')],
    [
      "field duplication",
      post,
      { body: { query: `{${"__typename ".repeat(500)}}` } },
      (a) => a.text.includes('"__typename":"Query"'),
    ],
    ["field suggestions", post, { body: { query: "{product(id:1){nam}}" } }, (a) => a.text.includes("Did you mean")],
    ["mutations by GET", byGet("mutation cop {__typename}"), {}, (a) => a.text.includes('"Mutation"')],
    ["queries by GET", byGet("query cop {__typename}"), {}, (a) => a.text.includes('"Query"')],
    [
      "form-encoded POST",
      post,
      { headers: form, body: "query=query%20cop%20%7B__typename%7D" },
      (a) => a.text.includes('"Query"'),
    ],
    ["detection of an IDE", "GET /graphql", { headers: { accept: "text/html" } }, (a) => a.text.includes("<html")],
    [
      "unhandled errors",
      post,
      { body: { query: "qwerty cop {abc}" } },
      (a) => /stacktrace|exception|Syntax Error/.test(a.text),
    ],
    ["introspection", post, { body: { query: introspection } }, (a) => a.text.includes('"types"')],
  ];

  for (const [name, call, options, finds] of probes) {
    test(`${name}: found on the bare lab, not behind the gateway`, async () => {
      expect(finds(await stack.bare(call, options))).toBe(true);
      const guarded = await stack.guarded(call, options);
      expect(finds(guarded)).toBe(false);
      expect(guarded.status).toBeGreaterThanOrEqual(400);
    });
  }

  test("introspection in every spelling", async () => {
    for (const query of [
      "{__schema{types{name}}}",
      "{ a: __schema { types { name } } }",
      '{__type(name:"User"){fields{name}}}',
      "{...F} fragment F on Query{__schema{types{name}}}",
      "{... on Query{__schema{types{name}}}}",
      "{...{__schema{types{name}}}}",
      "{__schema@skip(if:false){types{name}}}",
      "{#comment\n__schema\n,,,{types{name}}}",
      "query A($x:Boolean!=true){__schema@include(if:$x){types{name}}}",
    ]) {
      expect([query, (await stack.bare(post, { body: { query } })).text]).toEqual([
        query,
        expect.stringContaining("name"),
      ]);
      expect([query, codeOf(await ask(query))]).toEqual([query, "OPERATION_NOT_PERMITTED"]);
    }
    expect(codeOf(await ask("{_service{sdl}}"))).toBe("OPERATION_NOT_PERMITTED");
    expect(read(await ask("{__typename}"))).toEqual({ data: { __typename: "Query" } });
  });

  test("traces and costs in `extensions` do not leave", async () => {
    const { headers, text } = await ask("{products(first:1){name}}");
    expect(Object.keys(JSON.parse(text) as object)).toEqual(["data"]);
    expect(headers["x-powered-by"]).toBeUndefined();
  });
});

describe("ownership", () => {
  test("an order of somebody else looks like one that does not exist", async () => {
    const query = (id: string) => `{order(id:"${id}"){total}}`;
    const bare = await stack.bare(post, { body: { query: query(bobsOrder) } });
    expect(bare.text).toContain('"total":');
    const foreign = await ask(query(bobsOrder), { as: "alice" });
    const missing = await ask(query(bobsOrder.replace("fff", "eee")), { as: "alice" });
    expect([foreign.status, foreign.text]).toEqual([missing.status, missing.text]);
    expect(read(foreign)).toEqual({ data: { order: null } });
  });

  test("the owner sees it, and nothing of how the gateway knows", async () => {
    const answer = await ask(`{order(id:"${bobsOrder}"){...F}} fragment F on Order{total status}`, { as: "bob" });
    expect(read(answer)).toEqual({ data: { order: { total: expect.any(Number), status: expect.any(String) } } });
    expect((await ask(`{order(id:"${bobsOrder}"){total}}`, { as: "admin" })).text).toContain('"total":');
  });

  test("a mutation changes nobody else's profile", async () => {
    const query = `mutation($id:ID!){updateProfile(userId:$id,changes:{name:"Mallory"}){name}}`;
    const asAlice = (id: string) => stack.guarded(post, { as: "alice", body: { query, variables: { id } } });
    expect((await asAlice(bob)).status).toBe(403);
    expect(read(await asAlice(alice))).toEqual({ data: { updateProfile: { name: "Mallory" } } });
  });

  test("aliased mutations count as many", async () => {
    const review = (n: number) => `r${n}:addReview(productId:"${product}",rating:5,text:"fine"){id}`;
    const four = await ask(`mutation{${times(4, review)}}`, { as: "bob" });
    expect(four.status).toBe(200);
    const two = await ask(`mutation{${times(2, review)}}`, { as: "bob" });
    expect([two.status, codeOf(two)]).toEqual([429, "RATE_LIMITED"]);
    expect(Number(two.headers["retry-after"])).toBeGreaterThan(0);
    expect((await ask(`mutation{${review(1)}}`, { as: "bob" })).status).toBe(200);
  });
});

describe("GraphQL over HTTP is as without the gateway", () => {
  const both = async (options: CallOptions) => {
    const [bare, guarded] = [await stack.bare(post, options), await stack.guarded(post, options)];
    return { bare, guarded };
  };
  const query = "query P($n:Int){products(first:$n){id name reviews{rating}}}";

  for (const [name, options] of Object.entries<CallOptions>({
    "a query": { body: { query: "{products(first:2){name}}" } },
    "variables, an operation name and empty extensions": {
      body: { query, operationName: "P", variables: { n: 3 }, extensions: {} },
    },
    "members that are null": {
      body: { query: "{__typename}", operationName: null, variables: null, extensions: null },
    },
    "the new media type": { body: { query }, headers: { accept: "application/graphql-response+json" } },
    "the old media type": { body: { query }, headers: { accept: "application/json" } },
    "either of them": {
      body: { query },
      headers: { accept: "application/graphql-response+json; charset=utf-8, application/json; charset=utf-8" },
    },
    fragments: {
      body: { query: "{products(first:1){...A ...B}} fragment A on Product{id} fragment B on Product{id price}" },
    },
  })) {
    test(name, async () => {
      const { bare, guarded } = await both(options);
      expect([guarded.status, guarded.headers["content-type"]]).toEqual([bare.status, bare.headers["content-type"]]);
      expect(JSON.parse(guarded.text)).toEqual(JSON.parse(bare.text));
    });
  }

  for (const [name, status, body] of [
    ["a body that is no JSON", 400, "{broken"],
    ["a body without a query", 400, '{"variables":{}}'],
    ["a query that is no text", 400, '{"query":{}}'],
    ["variables that are no object", 400, '{"query":"{__typename}","variables":[]}'],
    ["an operation that is not in the document", 400, '{"query":"query A{__typename}","operationName":"B"}'],
    ["a document that does not parse", 400, '{"query":"{"}'],
    ["a field that does not exist", 400, '{"query":"{nothing}"}'],
    ["a member that requests do not have", 400, '{"query":"{__typename}","sql":"drop"}'],
  ] as const) {
    test(`${name} is refused with ${status} in the form of GraphQL`, async () => {
      for (const type of ["application/graphql-response+json", "application/json"]) {
        const answer = await stack.guarded(post, {
          body,
          headers: { "content-type": "application/json", accept: type },
        });
        expect([answer.status, answer.headers["content-type"]]).toEqual([status, `${type}; charset=utf-8`]);
        expect(read(answer)).toEqual({ errors: [{ message: expect.any(String), extensions: expect.any(Object) }] });
        expect(answer.headers["x-request-id"]).toBeDefined();
      }
    });
  }
});

import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { scope } from "../lib/access.ts";
import { fakeEnv, fakeExchange, fakePrincipal } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { graphqlAnswer } from "./graphql-answer.ts";

type Options = z.input<typeof graphqlAnswer.options>;

const json = { "content-type": "application/json; charset=utf-8" };
const answered = (value: unknown, status = 200) => ({
  response: { status, headers: json, body: typeof value === "string" ? value : JSON.stringify(value) },
});
const owners: Options = { owners: { Order: { field: "customerId", except: scope("admin") }, User: "id" } };

testGuard(graphqlAnswer, {
  passes: [
    { name: "data", options: {}, exchange: answered({ data: { a: 1 } }) },
    { name: "errors without data, with the service's status", options: {}, exchange: answered({ errors: [{}] }, 400) },
    { name: "a list of answers", options: {}, exchange: answered([{ data: {} }, { errors: [{}] }]) },
    { name: "data that is null", options: {}, exchange: answered({ data: null }) },
    {
      name: "the new media type",
      options: {},
      exchange: { response: { headers: { "content-type": "application/graphql-response+json" }, body: '{"data":{}}' } },
    },
  ],
  denies: [
    {
      name: "a page",
      options: {},
      exchange: { response: { headers: { "content-type": "text/html" }, body: "<html>" } },
      problem: "response-refused",
    },
    { name: "nothing at all", options: {}, exchange: { response: {} }, problem: "response-refused" },
    { name: "JSON that is no answer", options: {}, exchange: answered({ users: [] }), problem: "response-refused" },
    {
      name: "a list that holds something else",
      options: {},
      exchange: answered([{ data: {} }, {}]),
      problem: "response-refused",
    },
    { name: "an empty list", options: {}, exchange: answered([]), problem: "response-refused" },
    { name: "broken JSON", options: {}, exchange: answered('{"data":'), problem: "response-refused" },
    {
      name: "an answer that is too large",
      options: { maxAnswerBytes: 10 },
      exchange: answered({ data: { a: "long enough" } }),
      problem: "response-refused",
    },
    {
      name: "an error that is no answer, by its status",
      options: {},
      exchange: answered({ message: "no" }, 401),
      problem: "unauthenticated",
    },
    {
      name: "a stream on a route that does not stream",
      options: {},
      exchange: { response: { headers: { "content-type": "text/event-stream" }, body: "" } },
      problem: "response-refused",
    },
  ],
});

describe("errors", () => {
  const masked = async (value: unknown, options: Options = {}) => {
    const { text, notes } = await respond(graphqlAnswer, options, answered(value));
    return { value: JSON.parse(text) as unknown, notes };
  };

  test("tell where and a code, and neither what nor how", async () => {
    const error = {
      message: 'connect ECONNREFUSED db-7:5432. Did you mean "passwordHash"?',
      locations: [{ line: 1, column: 2, file: "/srv/app.ts" }],
      path: ["user", 0, "email"],
      extensions: { code: "INTERNAL_SERVER_ERROR", stacktrace: ["at /srv/app.ts:1:2"], exception: {} },
      stack: "…",
    };
    const { value, notes } = await masked({ errors: [error], data: { user: null } });
    expect(value).toEqual({
      errors: [
        {
          message: "The operation failed.",
          locations: [{ line: 1, column: 2 }],
          path: ["user", 0, "email"],
          extensions: { code: "INTERNAL_SERVER_ERROR" },
        },
      ],
      data: { user: null },
    });
    expect(notes).toEqual([{ guard: "graphql-answer", event: "response.masked", reason: error.message }]);
  });

  test("keep the message of codes whose messages are for users, without what is suggested", async () => {
    const errors = [
      { message: 'The address is taken. Did you mean "b@x.example"?', path: ["a"], extensions: { code: "TAKEN" } },
      { message: "did you mean users?", path: ["b"], extensions: { code: "TAKEN" } },
      { message: "inside", path: ["c"], extensions: { code: "OTHER" } },
    ];
    const { value } = await masked({ errors }, { errors: { codes: ["TAKEN"], messagesOf: ["TAKEN"] } });
    expect(value).toEqual({
      errors: [
        { message: "The address is taken.", path: ["a"], extensions: { code: "TAKEN" } },
        { message: "The operation failed.", path: ["b"], extensions: { code: "TAKEN" } },
        { message: "The operation failed.", path: ["c"] },
      ],
    });
  });

  test("of the whole operation are one, however many there were", async () => {
    const errors = Array.from({ length: 10 }, (_, n) => ({ message: `Unknown directive "@aa${n}".` }));
    expect((await masked({ errors })).value).toEqual({ errors: [{ message: "The operation failed." }] });
  });

  test("that are no errors, with paths and places that are none, are rebuilt all the same", async () => {
    const errors = [null, "x", { path: [{}], locations: "1:1", extensions: [], message: 7 }];
    expect((await masked({ errors })).value).toEqual({ errors: [{ message: "The operation failed." }] });
  });

  test("and extensions beside the declared ones stay inside", async () => {
    const value = { data: { a: 1 }, extensions: { tracing: {}, cost: 7, cacheControl: { a: 1 } }, hasNext: true };
    expect((await masked(value)).value).toEqual({ data: { a: 1 } });
    expect((await masked(value, { answerExtensions: ["cacheControl"] })).value).toEqual({
      data: { a: 1 },
      extensions: { cacheControl: { a: 1 } },
    });
  });

  test("an answer that has nothing to hide is passed on byte for byte", async () => {
    const body = '{ "data" : {"a":1.0} }';
    expect((await respond(graphqlAnswer, {}, answered(body))).text).toBe(body);
  });
});

describe("objects of others", () => {
  const data = {
    me: {
      headgateOwner_User: "alice",
      name: "A",
      orders: [
        { headgateOwner_Order: "bob", total: 1 },
        { headgateOwner_Order: "alice", total: 2 },
      ],
    },
    order: { headgateOwner_Order: 7, total: 3 },
    review: { author: { headgateOwner_User: "bob", email: "b" }, text: "fine" },
    nested: [[{ headgateOwner_Order: "bob" }], [{ headgateOwner_Order: "alice", total: 4 }]],
  };

  test("are missing in lists and null elsewhere, and nobody sees how that is known", async () => {
    const principal = fakePrincipal({ subject: "alice" });
    const { text, notes } = await respond(graphqlAnswer, owners, { ...answered({ data }), principal });
    expect(JSON.parse(text)).toEqual({
      data: {
        me: { name: "A", orders: [{ total: 2 }] },
        order: null,
        review: { author: null, text: "fine" },
        nested: [[], [{ total: 4 }]],
      },
    });
    expect(notes).toMatchObject([{ event: "response.withheld", count: 4 }]);
  });

  test("are everybody's but a stranger's own", async () => {
    const { text } = await respond(graphqlAnswer, owners, answered({ data: { me: data.me } }));
    expect(JSON.parse(text)).toEqual({ data: { me: null } });
  });

  test("are shown to whom the policy excepts, for that type alone", async () => {
    const principal = fakePrincipal({ subject: "root", scopes: ["admin"] });
    const { text } = await respond(graphqlAnswer, owners, {
      ...answered({ data: { order: data.order, me: data.me } }),
      principal,
    });
    expect(JSON.parse(text)).toEqual({ data: { order: { total: 3 }, me: null } });
  });

  test("an owner that is null, a list or of an unknown type is nobody", async () => {
    const principal = fakePrincipal({ subject: "alice" });
    const odd = {
      a: { headgateOwner_Order: null },
      b: { headgateOwner_Order: ["alice"] },
      c: { headgateOwner_Other: "alice" },
    };
    const { text } = await respond(graphqlAnswer, owners, { ...answered({ data: odd }), principal });
    expect(JSON.parse(text)).toEqual({ data: { a: null, b: null, c: null } });
  });

  test("the parsed answer that other guards share stays as it is", async () => {
    const exchange = fakeExchange({
      ...answered({ data, errors: [{ message: "inside" }] }),
      principal: fakePrincipal(),
    });
    const before = exchange.response.body;
    const text = new TextDecoder().decode(before as Uint8Array);
    await graphqlAnswer.create(graphqlAnswer.options.parse(owners), fakeEnv({ mode: "report" })).response?.(exchange);
    expect(new TextDecoder().decode(before as Uint8Array)).toBe(text);
    exchange.response.body = before;
    const again = fakeExchange({ response: { headers: json, body: before } });
    await graphqlAnswer.create(graphqlAnswer.options.parse({}), fakeEnv()).response?.(again);
    expect(new TextDecoder().decode(again.response.body as Uint8Array)).toContain("headgateOwner_User");
  });
});

describe("streams of events", () => {
  const headers = { "content-type": "text/event-stream" };
  const stream = async (text: string, size: number, more: object = {}, options: Options = owners) =>
    respond(
      graphqlAnswer,
      options,
      { response: { headers, body: inParts(text, size) }, ...more },
      { protocol: "events" },
    );
  const events =
    ':\n\nevent: next\nid: 1\ndata: {"data":{"a":"å"},\ndata:  "extensions":{"t":1}}\n\n' +
    'event: next\r\ndata: {"data":{"o":{"headgateOwner_Order":"bob"}}}\r\n\r\n' +
    'event:next\rdata:{"errors":[{"message":"db-7"}]}\r\revil: x\n\nevent: complete\ndata:\n\n';

  test("are judged event by event, in whatever parts they come and however lines end", async () => {
    for (const size of [1, 2, 3, 7, 1000]) {
      expect([size, (await stream(events, size)).text]).toEqual([
        size,
        ':\n\nevent: next\nid: 1\ndata: {"data":{"a":"å"}}\n\n' +
          'event: next\ndata: {"data":{"o":null}}\n\n' +
          'event: next\ndata: {"errors":[{"message":"The operation failed."}]}\n\n' +
          "event: complete\ndata: \n\n",
      ]);
    }
  });

  test("end at what is no answer, is no JSON or is too large", async () => {
    for (const data of ['{"users":[]}', "<html>", `"${"x".repeat(3000)}"`])
      await expect(stream(`data: ${data}\n\n`, 100, {}, { subscriptions: { maxEventBytes: "2kb" } })).rejects.toThrow(
        /an event/,
      );
  });

  test("end with the token that opened them", async () => {
    const startedAt = fakeEnv().clock.now();
    const expired = fakePrincipal({ claims: { exp: startedAt / 1000 } });
    expect((await stream(events, 100, { startedAt, principal: expired })).text).toBe("");
    const valid = fakePrincipal({ claims: { exp: startedAt / 1000 + 60 } });
    expect((await stream(events, 100, { startedAt, principal: valid })).text).not.toBe("");
  });
});

import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { scope, signedIn } from "../../lib/access.ts";
import {
  fakeClock,
  fakeEnv,
  fakeExchange,
  type FakeExchangeInit,
  fakePrincipal,
} from "../../../test/support/exchange.ts";
import { graphql } from "../graphql.ts";
import type { Authenticator, GuardEnv } from "../contract/guard-env.ts";
import { deny } from "../contract/verdict.ts";

type Options = z.input<typeof graphql.options>;

/** Knows the tokens `alice` and `late`, which ends in ten seconds; any other is refused. */
const clock = fakeClock();
const identity: Authenticator = {
  challenge: "Bearer",
  authenticate({ header }) {
    const token = header("authorization");
    if (token === undefined) return { kind: "anonymous" };
    if (token === "Bearer alice") return fakePrincipal({ subject: "alice", scopes: ["chat"] });
    if (token === "Bearer late") return fakePrincipal({ claims: { exp: clock.now() / 1000 + 10 } });
    return deny("invalid-token", "nobody knows the token");
  },
};

function converse(options: Options = {}, exchange: FakeExchangeInit = {}, env: Partial<GuardEnv> = {}) {
  const heard: unknown[] = [];
  const sent: unknown[] = [];
  const closings: (readonly [number, string])[] = [];
  let connected = 0;
  const fake = fakeExchange({ startedAt: clock.now(), ...exchange });
  const hooks = graphql.create(
    graphql.options.parse(options),
    fakeEnv({ clock, identity, protocol: "websocket", ...env }),
  );
  const conversation = hooks.messages?.open(fake, {
    toClient: (text) => void heard.push(JSON.parse(text)),
    toUpstream: (text) => void sent.push(JSON.parse(text)),
    connect: () => {
      connected += 1;
      return Promise.resolve();
    },
    close: (code, reason) => void closings.push([code, reason]),
  });
  const say = async (message: unknown) => conversation?.fromClient(JSON.stringify(message));
  const answer = (message: unknown) => conversation?.fromUpstream(JSON.stringify(message));
  const join = async (payload?: unknown) => {
    await say({ type: "connection_init", payload });
    await answer({ type: "connection_ack", payload: { server: "inside" } });
  };
  const subscribe = (id: string, query: string, members: object = {}) =>
    say({ id, type: "subscribe", payload: { query, ...members } });
  return {
    fake,
    heard,
    sent,
    closings,
    say,
    answer,
    join,
    subscribe,
    tick: () => conversation?.tick(),
    connected: () => connected,
  };
}

describe("who calls", () => {
  test("is said by the first message, and proven before the service is reached", async () => {
    const { join, fake, sent, heard, connected } = converse({
      subscriptions: { connect: signedIn(), connectionParams: ["locale"] },
    });
    await join({ authorization: "Bearer alice", locale: "nb", admin: true });
    expect(fake.principal).toMatchObject({ subject: "alice" });
    expect(fake.upstreamRequest.headers.get("authorization")).toBe("Bearer alice");
    expect(sent).toEqual([{ type: "connection_init", payload: { locale: "nb" } }]);
    expect(heard).toEqual([{ type: "connection_ack" }]);
    expect(connected()).toBe(1);
  });

  test("may have been said by the handshake", async () => {
    const { join, closings, heard } = converse(
      { subscriptions: { connect: signedIn() } },
      { principal: fakePrincipal() },
    );
    await join();
    expect([closings, heard]).toEqual([[], [{ type: "connection_ack" }]]);
  });

  for (const [name, payload, connect, closing] of [
    ["a token that is not good", { authorization: "Bearer nobody" }, undefined, [4401, "Unauthorized"]],
    ["no token where one is needed", undefined, signedIn(), [4401, "Unauthorized"]],
    ["a token without the right", { Authorization: "Bearer alice" }, scope("admin"), [4403, "Forbidden"]],
    ["an authorization that is no text", { authorization: ["Bearer alice"] }, undefined, [4400, "Invalid message"]],
  ] as const) {
    test(`${name} ends the connection, and the service never hears of it`, async () => {
      const { say, closings, connected } = converse(connect ? { subscriptions: { connect } } : {});
      await say({ type: "connection_init", payload });
      expect([closings, connected()]).toEqual([[closing], 0]);
    });
  }

  test("counts for every operation", async () => {
    const { join, subscribe, heard, sent } = converse({
      access: { "Subscription.messages": signedIn(), "Query.a": scope("chat") },
    });
    await join({ authorization: "Bearer alice" });
    await subscribe("1", "subscription{messages}");
    await subscribe("2", "{a}");
    await subscribe("3", "{b}");
    expect(sent.slice(1)).toEqual([
      { id: "1", type: "subscribe", payload: { query: "subscription{messages}" } },
      { id: "2", type: "subscribe", payload: { query: "{a}" } },
    ]);
    expect(heard.slice(1)).toMatchObject([
      { id: "3", type: "error", payload: [{ extensions: { code: "ACCESS_DENIED" } }] },
    ]);
  });
});

describe("how long", () => {
  test("a connection lasts as long as its token", async () => {
    const { join, tick, closings, say } = converse();
    await join({ authorization: "Bearer late" });
    await clock.advance(9000);
    tick();
    expect(closings).toEqual([]);
    await say({ type: "ping" });
    await clock.advance(1000);
    tick();
    expect(closings).toEqual([[4403, "Forbidden"]]);
  });

  test("and as long as something is said, and no longer than the policy lets it", async () => {
    const silent = converse({ subscriptions: { idleTimeout: "5s" } });
    const busy = converse({ subscriptions: { idleTimeout: "5s", maxLifetime: "12s" } });
    await silent.join();
    await busy.join();
    for (let second = 0; second < 12; second += 4) {
      await clock.advance(4000);
      for (const { tick } of [silent, busy]) tick();
      await busy.answer({ type: "ping" });
    }
    expect([silent.closings, busy.closings]).toEqual([[[1001, "Idle"]], [[4403, "Forbidden"]]]);
    expect(busy.sent.slice(1)).toEqual([{ type: "pong" }, { type: "pong" }]);
  });

  test("a service that never acknowledges is not waited for", async () => {
    const { say, tick, closings } = converse();
    await say({ type: "connection_init" });
    await clock.advance(3000);
    tick();
    expect(closings).toEqual([[4408, "Connection initialisation timeout"]]);
  });
});

describe("what the service says", () => {
  test("is judged, and reaches only operations that run", async () => {
    const { join, subscribe, answer, heard } = converse();
    await join();
    await subscribe("1", "subscription{a}");
    await answer({ id: "1", type: "next", payload: { data: { a: 1 }, extensions: { trace: 1 } } });
    await answer({ id: "2", type: "next", payload: { data: { a: 2 } } });
    await answer({ id: "1", type: "error", payload: [{ message: "db-7", locations: [{ line: 1, column: 1 }] }] });
    await answer({ id: "1", type: "next", payload: { data: { a: 3 } } });
    expect(heard.slice(1)).toEqual([
      { id: "1", type: "next", payload: { data: { a: 1 } } },
      { id: "1", type: "error", payload: [{ message: "The operation failed.", locations: [{ line: 1, column: 1 }] }] },
    ]);
  });

  for (const message of [{ type: "connection_ack" }, { type: "subscribe" }, { type: "next" }, "x"]) {
    test(`ends the connection where it is none of the protocol: ${JSON.stringify(message)}`, async () => {
      const { join, answer, closings } = converse();
      await join();
      await answer(message);
      expect(closings).toEqual([[4500, "Internal server error"]]);
    });
  }
});

test("limits count over calls and messages alike", async () => {
  const { join, subscribe, heard } = converse({ limits: [{ field: "Mutation.login", rate: "2/min" }] });
  await join();
  await subscribe("1", "mutation{a:login b:login}");
  await subscribe("2", "mutation{login}");
  expect(heard.slice(1)).toMatchObject([{ id: "2", payload: [{ message: "Too many requests." }] }]);
});

test("a guard that only reports lets messages pass as they are, and says what it would have refused", async () => {
  const { join, subscribe, sent, fake } = converse({ depth: 1 }, {}, { mode: "report" });
  await join();
  await subscribe("1", "{a{b}}");
  expect(sent.slice(1)).toEqual([{ id: "1", type: "subscribe", payload: { query: "{a{b}}" } }]);
  expect(fake.notes).toMatchObject([{ event: "operation.would-have-been-denied", reason: "depth is 2 of 1" }]);
});

test("a connection that is refused again and again does not fill the log", async () => {
  const { join, subscribe, fake } = converse({ depth: 1, subscriptions: { messagesPerSecond: 1000 } });
  await join();
  for (let n = 0; n < 500; n += 1) await subscribe(String(n), "{a{b}}");
  expect(fake.notes.length).toBe(20);
});

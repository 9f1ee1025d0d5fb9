/** Subscriptions through a real gateway, in front of a real service and with the client that frontends use. */
import { createClient } from "graphql-ws";
import { request } from "undici";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { open, startTestGateway, type TestGateway } from "../support/gateway.ts";
import { startSubscriptionService } from "../support/subscription-service.ts";

const subprotocol = "graphql-transport-ws";

async function start(graphql: Readonly<Record<string, unknown>> = {}) {
  const service = await startSubscriptionService();
  const routes = [
    open("GET /graphql", { protocol: "websocket", graphql }),
    open("POST /graphql", { protocol: "events", graphql }),
  ];
  return { service, gateway: await startTestGateway({ routes }, service.url) };
}

/** A client that says what it likes, and keeps what it hears. */
function connect({ httpPort }: TestGateway, headers: Readonly<Record<string, string>> = {}, protocol = subprotocol) {
  const socket = new WebSocket(`ws://127.0.0.1:${httpPort}/graphql`, protocol, { headers });
  onTestFinished(() => socket.terminate());
  const heard: { readonly type: string; readonly id?: string; readonly payload?: unknown }[] = [];
  socket.on("message", (data) => heard.push(JSON.parse(String(data)) as (typeof heard)[number]));
  const opened = new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
    socket.once("unexpected-response", (_, response) => reject(new Error(`status ${response.statusCode}`)));
  });
  const closed = new Promise<readonly [number, string]>((resolve) =>
    socket.once("close", (code, reason) => resolve([code, String(reason)])),
  );
  const until = async (test: () => boolean) => {
    while (!test()) await new Promise((resolve) => socket.once("message", resolve));
  };
  const say = (message: unknown) => socket.send(typeof message === "string" ? message : JSON.stringify(message));
  const join = async () => {
    await opened;
    say({ type: "connection_init" });
    await until(() => heard.some(({ type }) => type === "connection_ack"));
  };
  const subscribe = (id: string, query: string) => say({ id, type: "subscribe", payload: { query } });
  return { socket, heard, opened, closed, say, join, until, subscribe };
}

describe("over WebSocket", () => {
  test("the usual client gets every event, and its queries and mutations are answered", async () => {
    const { service, gateway } = await start({ subscriptions: { connectionParams: ["locale"] } });
    const client = createClient({
      url: `ws://127.0.0.1:${gateway.httpPort}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { locale: "nb", debug: true },
    });
    const all = async (query: string) => {
      const results: unknown[] = [];
      for await (const result of client.iterate({ query })) results.push(result);
      return results;
    };
    expect(await all("subscription{ticks(count:3)}")).toEqual([1, 2, 3].map((ticks) => ({ data: { ticks } })));
    expect(await all("{price}")).toEqual([{ data: { price: 7 } }]);
    expect(await all("mutation{raise(by:2)}")).toEqual([{ data: { raise: 9 } }]);
    // The client opens a connection for each operation; of what it says of itself the declared part goes on.
    expect(service.params).toEqual([{ locale: "nb" }, { locale: "nb" }, { locale: "nb" }]);
    await client.dispose();
  });

  test("what the service says of itself does not leave in an event either", async () => {
    const { gateway } = await start();
    const { join, subscribe, until, heard } = connect(gateway);
    await join();
    subscribe("a", "{broken}");
    await until(() => heard.some(({ type }) => type === "complete"));
    expect(heard.find(({ id }) => id === "a")).toEqual({
      id: "a",
      type: "next",
      payload: {
        errors: [{ message: "The operation failed.", locations: [{ line: 1, column: 2 }], path: ["broken"] }],
        data: { broken: null },
      },
    });
  });

  test("every message is judged as a call would be, and a refusal ends the operation alone", async () => {
    const { gateway, service } = await start({ aliases: 2, subscriptions: { operationsPerConnection: 1 } });
    const { join, subscribe, until, heard, say } = connect(gateway);
    await join();
    subscribe("deep", "{a:price b:price c:price}");
    subscribe("schema", "{__schema{types{name}}}");
    subscribe("good", "subscription{ticks(count:1000,delay:5)}");
    subscribe("more", "{price}");
    await until(() => heard.some(({ id }) => id === "more"));
    await until(() => heard.some(({ id }) => id === "good"));
    const codes = heard.flatMap(({ id, type, payload }) =>
      type === "error" ? [[id, (payload as { extensions: { code: string } }[])[0]?.extensions.code]] : [],
    );
    expect(codes).toEqual([
      ["deep", "OPERATION_TOO_LARGE"],
      ["schema", "OPERATION_NOT_PERMITTED"],
      ["more", "TOO_MANY_IN_FLIGHT"],
    ]);
    say({ id: "good", type: "complete" });
    while (service.running() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    subscribe("again", "{price}");
    await until(() => heard.some(({ id }) => id === "again"));
  });

  for (const [name, code, messages] of [
    ["a message before the first", 4401, [{ id: "a", type: "subscribe", payload: { query: "{price}" } }]],
    ["a second first message", 4429, [{ type: "connection_init" }, { type: "connection_init" }]],
    ["what is no JSON", 4400, ["{broken"]],
    ["a key given twice", 4400, ['{"type":"ping","type":"connection_init"}']],
    ["a type that nobody knows", 4400, [{ type: "start" }]],
    ["a subscription without an id", 4400, [{ type: "subscribe", payload: { query: "{price}" } }]],
    ["more messages than a second has room for", 4429, Array.from({ length: 20 }, () => ({ type: "ping" }))],
    ["a message that is too large", 1009, [`{"type":"ping","payload":"${"x".repeat(70_000)}"}`]],
  ] as const) {
    test(`${name} ends the connection with ${code}`, async () => {
      const { gateway, service } = await start();
      const { opened, say, closed } = connect(gateway);
      await opened;
      for (const message of messages) say(message);
      expect((await closed)[0]).toBe(code);
      expect(service.handshakes.length).toBeLessThanOrEqual(code === 4429 && messages.length === 2 ? 1 : 0);
    });
  }

  test("an id that is in use ends the connection with 4409", async () => {
    const { gateway } = await start();
    const { join, subscribe, closed } = connect(gateway);
    await join();
    subscribe("a", "subscription{ticks(count:1000)}");
    subscribe("a", "{price}");
    expect(await closed).toEqual([4409, "Subscriber already exists"]);
  });

  test("a client that never says who it is does not hold the service", async () => {
    const { gateway, service } = await start({ subscriptions: { initTimeout: "1s" } });
    const { opened, closed } = connect(gateway);
    await opened;
    expect(await closed).toEqual([4408, "Connection initialisation timeout"]);
    expect(service.handshakes).toEqual([]);
  });

  test("pages of other sites cannot open one", async () => {
    const { gateway } = await start();
    await expect(connect(gateway, { origin: "https://evil.example" }).opened).rejects.toThrow("status 403");
    await expect(connect(gateway, { origin: "null" }).opened).rejects.toThrow("status 403");
    await expect(connect(gateway, { origin: "https://localhost.evil.example" }).opened).rejects.toThrow("status 403");
    await connect(gateway, { origin: "https://localhost" }).opened;
  });

  test("another subprotocol is refused, and a GET without an upgrade", async () => {
    const { gateway } = await start();
    await expect(connect(gateway, {}, "graphql-ws").opened).rejects.toThrow("status 400");
    const plain = await request(`http://127.0.0.1:${gateway.httpPort}/graphql`);
    expect([plain.statusCode, await plain.body.text()]).toEqual([400, expect.stringContaining("UPGRADE_REFUSED")]);
  });

  test("one client has so many connections, and gets another when one has ended", async () => {
    const { gateway } = await start({ subscriptions: { connectionsPerClient: 2 } });
    const first = connect(gateway);
    await first.opened;
    await connect(gateway).opened;
    await expect(connect(gateway).opened).rejects.toThrow("status 429");
    first.socket.close();
    await first.closed;
    await connect(gateway).opened;
  });

  test("a client that does not read makes the service wait, not the gateway hold", async () => {
    const { gateway, service } = await start();
    const { join, subscribe, socket, heard } = connect(gateway);
    await join();
    socket.pause();
    subscribe("a", "subscription{flood}");
    await new Promise((resolve) => setTimeout(resolve, 300));
    // Twenty megabytes would have come by now: the kernel's buffers and the gateway's mark are all that did.
    expect(service.running()).toBe(1);
    socket.resume();
    while (!heard.some(({ type }) => type === "complete")) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard.filter(({ type }) => type === "next").length).toBe(2000);
  });

  test("a client that goes takes its connection to the service with it", async () => {
    const { gateway, service } = await start();
    const { join, subscribe, until, heard, socket } = connect(gateway);
    await join();
    subscribe("a", "subscription{ticks(count:100000)}");
    await until(() => heard.some(({ id }) => id === "a"));
    socket.terminate();
    while (service.running() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gateway.events.length).toBe(1);
    expect(gateway.events[0]).toMatchObject({ status: 101 });
  });

  test("clients are told to come back when the gateway stops", async () => {
    const { gateway } = await start();
    const { join, closed } = connect(gateway);
    await join();
    const stopping = gateway.stop();
    expect(await closed).toEqual([1001, "Going away"]);
    await stopping;
  });

  test("a service that cannot be reached ends the connection with 4500", async () => {
    const routes = [open("GET /graphql", { protocol: "websocket", graphql: {} })];
    const gateway = await startTestGateway({ routes }, "http://127.0.0.1:1");
    const { opened, say, closed } = connect(gateway);
    await opened;
    say({ type: "connection_init" });
    expect(await closed).toEqual([4500, "Internal server error"]);
  });
});

describe("as server-sent events", () => {
  const ask = async ({ httpPort }: TestGateway, query: string, accept = "text/event-stream") => {
    const answer = await request(`http://127.0.0.1:${httpPort}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept },
      body: JSON.stringify({ query }),
    });
    return { status: answer.statusCode, type: answer.headers["content-type"], text: await answer.body.text() };
  };

  test("every event arrives, and the stream ends", async () => {
    const { gateway } = await start();
    const { status, type, text } = await ask(gateway, "subscription{ticks(count:2)}");
    expect([status, type]).toEqual([200, "text/event-stream"]);
    const events = text.split("\n\n").filter((event) => event.includes("event:"));
    expect(events).toEqual([
      'event: next\ndata: {"data":{"ticks":1}}',
      'event: next\ndata: {"data":{"ticks":2}}',
      "event: complete\ndata: ",
    ]);
  });

  test("errors within the stream are masked", async () => {
    const { gateway } = await start();
    const { text } = await ask(gateway, "subscription{failing}");
    expect(text).toContain('{"data":{"failing":1}}');
    expect(text).not.toContain("db-7");
  });

  test("a subscription by a plain call, and on a route that does not stream, is refused", async () => {
    const { gateway } = await start();
    expect(await ask(gateway, "subscription{ticks}", "application/json")).toMatchObject({ status: 403 });
    const { url } = await startSubscriptionService();
    const plain = await startTestGateway({ routes: [open("POST /graphql", { graphql: {} })] }, url);
    expect((await ask(plain, "subscription{ticks}", "text/event-stream, */*")).status).toBe(403);
  });
});

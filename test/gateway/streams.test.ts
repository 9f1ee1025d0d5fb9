import { createHash } from "node:crypto";
import { connect as connectHttp2 } from "node:http2";
import { Agent, request, WebSocket } from "undici";
import { expect, onTestFinished, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, startUpstream } from "../support/gateway.ts";

function insecureAgent(): Agent {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.close());
  return agent;
}

test("server-sent events arrive one by one where the route declares them", async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    let count = 0;
    const timer = setInterval(() => {
      count += 1;
      response.write(`data: ${count}\n\n`);
      if (count === 3) {
        clearInterval(timer);
        response.end();
      }
    }, 30);
  });
  const gateway = await startTestGateway({ routes: [open("GET /events", { protocol: "events" })] }, upstream.url);
  const answer = await request(`http://localhost:${gateway.httpPort}/events`);
  const arrivals: number[] = [];
  for await (const _chunk of answer.body) arrivals.push(Date.now());
  expect(arrivals.length).toBeGreaterThanOrEqual(3);
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeGreaterThan(30);
});

test("an event stream on a route that declares none is refused", async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: 1\n\n");
  });
  const gateway = await startTestGateway({ routes: [open("GET /events")] }, upstream.url);
  const answer = await sendRaw(gateway.httpPort, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  expect([answer.status, problemOf(answer)]).toEqual([502, "response-refused"]);
});

test("a WebSocket is joined where the route declares it, and carries both directions", async () => {
  const upstream = await startUpstream((_request, response) => response.end());
  upstream.server.on("upgrade", (incoming, socket) => {
    const accept = createHash("sha1")
      .update(`${incoming.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    socket.on("error", () => undefined);
    socket.once("data", () => {
      const text = Buffer.from("hello");
      socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
    });
  });
  const gateway = await startTestGateway({ routes: [open("GET /socket", { protocol: "websocket" })] }, upstream.url);
  const socket = new WebSocket(`wss://localhost:${gateway.httpsPort}/socket`, { dispatcher: insecureAgent() });
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  const answer = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data)));
  socket.send("hi");
  expect(await answer).toBe("hello");
  socket.close();
});

test("a handshake is judged like any call: a denial is an answer that the client can read", async () => {
  const upstream = await startUpstream((_request, response) => response.end());
  const gateway = await startTestGateway(
    { routes: [{ match: "GET /socket", to: "backend", protocol: "websocket", access: { kind: "signed-in" } }] },
    upstream.url,
  );
  const handshake =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const answer = await sendRaw(gateway.httpPort, `GET /socket HTTP/1.1\r\nHost: localhost\r\n${handshake}\r\n`);
  expect([answer.status, problemOf(answer)]).toEqual([401, "unauthenticated"]);
});

test("an upstream that declines the handshake is heard", async () => {
  const upstream = await startUpstream((_request, response) => response.writeHead(404).end());
  const gateway = await startTestGateway({ routes: [open("GET /socket", { protocol: "websocket" })] }, upstream.url);
  const handshake =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n";
  const answer = await sendRaw(gateway.httpPort, `GET /socket HTTP/1.1\r\nHost: localhost\r\n${handshake}\r\n`);
  expect(answer.status).toBe(404);
});

test("HTTP/2 in, HTTP/1.1 up: several calls on one connection", async () => {
  const upstream = await startUpstream((incoming, response) => response.end(`${incoming.httpVersion} ${incoming.url}`));
  const gateway = await startTestGateway({ routes: [open("GET /n/:n")] }, upstream.url);
  const session = connectHttp2(`https://localhost:${gateway.httpsPort}`, { rejectUnauthorized: false });
  onTestFinished(() => session.close());
  const call = (path: string) =>
    new Promise<string>((resolve, reject) => {
      const stream = session.request({ ":path": path });
      let text = "";
      stream.setEncoding("utf8");
      stream.on("data", (part: string) => (text += part));
      stream.on("end", () => resolve(text));
      stream.on("error", reject);
    });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => call(`/n/${index}`)));
  expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => `1.1 /n/${index}`));
});

test("TLS 1.2 is not spoken unless the policy says so loudly", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const strict = await startTestGateway({ routes: [open("GET /ok")] }, upstream.url);
  const old = new Agent({ connect: { rejectUnauthorized: false, maxVersion: "TLSv1.2" } });
  onTestFinished(() => old.close());
  await expect(request(`https://localhost:${strict.httpsPort}/ok`, { dispatcher: old })).rejects.toThrow();
  const lenient = await startTestGateway(
    { routes: [open("GET /ok")], unsafe: { allowTls12: "an old till in the shop speaks nothing newer" } },
    upstream.url,
  );
  expect((await request(`https://localhost:${lenient.httpsPort}/ok`, { dispatcher: old })).statusCode).toBe(200);
});

import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, startUpstream } from "../support/gateway.ts";

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** An upstream that speaks bytes, for answers that no HTTP server would give. */
async function startByteUpstream(answer: (request: string) => string | undefined): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      const text = answer(bytes.toString("latin1"));
      if (text === undefined) socket.destroy();
      else socket.end(text, "latin1");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

test("an upstream that is down is a 502, then calls are kept away from it, then one tries again", async () => {
  const upstream = await startUpstream((_request, response) => response.end("ok"));
  const { url, server } = upstream;
  const port = Number(new URL(url).port);
  const gateway = await startTestGateway(
    {
      upstreams: { backend: { url, retries: 0, breaker: { failures: 2, open: "300ms" } } },
      routes: [open("GET /ok")],
    },
    url,
  );
  expect((await sendRaw(gateway.httpPort, get("/ok"))).status).toBe(200);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));

  const answers = [];
  for (let count = 0; count < 3; count += 1) answers.push(await sendRaw(gateway.httpPort, get("/ok")));
  expect(answers.map((answer) => `${answer.status} ${problemOf(answer)}`)).toEqual([
    "502 upstream-failed",
    "502 upstream-failed",
    "503 upstream-unavailable",
  ]);
  const told = answers.map(({ body }) => body).join();
  expect(told).not.toContain("ECONNREFUSED");
  expect(told).not.toContain(String(port));

  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect((await sendRaw(gateway.httpPort, get("/ok"))).status).toBe(200);
});

test("an upstream that does not answer in time is a 504", async () => {
  const upstream = await startUpstream(() => undefined);
  const gateway = await startTestGateway(
    { upstreams: { backend: { url: upstream.url, timeouts: { headers: "1s" } } }, routes: [open("GET /slow")] },
    upstream.url,
  );
  const answer = await sendRaw(gateway.httpPort, get("/slow"));
  expect([answer.status, problemOf(answer)]).toEqual([504, "upstream-timeout"]);
});

test("a GET whose connection breaks before an answer is tried once more", async () => {
  let calls = 0;
  const url = await startByteUpstream(() => {
    calls += 1;
    return calls === 1 ? undefined : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  });
  const gateway = await startTestGateway({ routes: [open("GET /ok")] }, url);
  expect((await sendRaw(gateway.httpPort, get("/ok"))).body).toBe("ok");
  expect(calls).toBe(2);
});

test("a POST is never tried again", async () => {
  let calls = 0;
  const url = await startByteUpstream(() => {
    calls += 1;
    return undefined;
  });
  const gateway = await startTestGateway({ routes: [open("POST /pay", { body: "any" })] }, url);
  expect(
    (await sendRaw(gateway.httpPort, "POST /pay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")).status,
  ).toBe(502);
  expect(calls).toBe(1);
});

test.each([
  ["no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["both length and chunks", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"],
  ["a header with a line break", "HTTP/1.1 200 OK\r\nX-A: b\rX-C: d\r\nContent-Length: 0\r\n\r\n"],
])("an upstream that answers %s is a 502", async (_name, bytes) => {
  const url = await startByteUpstream(() => bytes);
  const gateway = await startTestGateway({ routes: [open("GET /ok")] }, url);
  const answer = await sendRaw(gateway.httpPort, get("/ok"));
  expect([answer.status, problemOf(answer)]).toEqual([502, "upstream-failed"]);
});

test("an answer that breaks off midway never looks complete", async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": "1000000" });
    response.write("x".repeat(200_000), () => response.socket?.destroy());
  });
  const gateway = await startTestGateway({ routes: [open("GET /big", { page: true })] }, upstream.url);
  const answer = await sendRaw(gateway.httpPort, get("/big"));
  expect(answer.status).toBe(200);
  expect(answer.body.length).toBeLessThan(1_000_000);
});

test("a redirect is passed on, not followed", async () => {
  const upstream = await startUpstream((request, response) => {
    if (request.url === "/secret") response.end("inside");
    else response.writeHead(302, { location: "/secret" }).end();
  });
  const gateway = await startTestGateway({ routes: [open("GET /go", { page: true })] }, upstream.url);
  const answer = await sendRaw(gateway.httpPort, get("/go"));
  expect([answer.status, answer.headers["location"], answer.body]).toEqual([302, "/secret", ""]);
});

test("an answer over the declared size is refused", async () => {
  const upstream = await startUpstream((_request, response) => response.end("x".repeat(5000)));
  const gateway = await startTestGateway(
    { upstreams: { backend: { url: upstream.url, maxResponse: 1000 } }, routes: [open("GET /big")] },
    upstream.url,
  );
  const answer = await sendRaw(gateway.httpPort, get("/big"));
  expect([answer.status, problemOf(answer)]).toEqual([502, "response-refused"]);
});

test("fields of the upstream's connection stay behind, those that Connection names included", async () => {
  const upstream = await startUpstream((_request, response) => {
    response.writeHead(200, {
      connection: "close, x-internal",
      "x-internal": "1",
      "keep-alive": "timeout=5",
      "x-public": "2",
    });
    response.end("ok");
  });
  const gateway = await startTestGateway({ routes: [open("GET /ok")] }, upstream.url);
  const { headers } = await sendRaw(gateway.httpPort, get("/ok"));
  expect(headers["x-internal"]).toBeUndefined();
  expect(headers["x-public"]).toBe("2");
});

test("an answer that nobody asked to compress is judged uncompressed", async () => {
  const upstream = await startUpstream((request, response) => {
    const body = gzipSync(JSON.stringify({ asked: request.headers["accept-encoding"] ?? "nothing" }));
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(body);
  });
  const gateway = await startTestGateway({ routes: [open("GET /ok")] }, upstream.url);
  const answer = await sendRaw(gateway.httpPort, get("/ok").replace("\r\n\r\n", "\r\nAccept-Encoding: gzip\r\n\r\n"));
  expect(answer.headers["content-encoding"]).toBeUndefined();
  expect(answer.body).toContain('{"asked":"nothing"}');
});

test("what a client claims to be never reaches the upstream", async () => {
  const upstream = await startUpstream((request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(request.headers));
  });
  const gateway = await startTestGateway(
    { routes: [open("GET /ok", { forward: ["x-client-version"] })] },
    upstream.url,
  );
  const claims = [
    "X-Forwarded-For: 10.0.0.1",
    "X_Forwarded_For: 10.0.0.1",
    "Forwarded: for=10.0.0.1",
    "X-Real-IP: 10.0.0.1",
    "X-Forwarded-Host: evil.example",
    "X-Original-URL: /admin",
    "X-HTTP-Method-Override: DELETE",
    "X-Middleware-Subrequest: middleware",
    "X-User-Id: 1",
    "Authorization: Basic YWRtaW46YWRtaW4=",
    "Proxy-Authorization: Basic YWRtaW46YWRtaW4=",
    "X-Client-Version: 7",
    "Connection: keep-alive, x-client-version",
  ];
  const answer = await sendRaw(gateway.httpPort, get("/ok").replace("\r\n\r\n", `\r\n${claims.join("\r\n")}\r\n\r\n`));
  const seen = JSON.parse(answer.body) as Record<string, string>;
  expect(Object.keys(seen).sort()).toEqual([
    "connection",
    "host",
    "x-client-version",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-request-id",
  ]);
  expect(seen["x-forwarded-for"]).toBe("127.0.0.1");
  expect(seen["x-forwarded-host"]).toBe("localhost");
});

import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { open, problemOf, sendRaw, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

const schema = {
  kind: "json-schema",
  schema: {
    type: "object",
    properties: {
      name: { type: "string", maxLength: 20 },
      born: { type: "string", format: "date-time" },
      age: { type: "integer" },
    },
    required: ["name"],
  },
};
const picture = { multipart: { files: { picture: { types: ["image/png"], maxBytes: 1000 } } } };

/** A gateway that judges bodies, and what its upstream got of them. */
async function startJudging(): Promise<{ gateway: TestGateway; reached: string[] }> {
  const reached: string[] = [];
  const upstream = await startUpstream((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (part: string) => (text += part));
    request.on("end", () => {
      reached.push(text);
      response.end("ok");
    });
  });
  const gateway = await startTestGateway(
    {
      transport: { maxBodyBytes: "64kb" },
      routes: [open("POST /people", { body: schema }), open("POST /pictures", { body: picture }), open("GET /ok")],
    },
    upstream.url,
  );
  return { gateway, reached };
}

function post(
  path: string,
  body: string | Buffer,
  headers: readonly string[] = ["Content-Type: application/json"],
): string {
  const bytes = typeof body === "string" ? Buffer.from(body) : body;
  const head = [`POST ${path} HTTP/1.1`, "Host: localhost", ...headers, `Content-Length: ${bytes.length}`];
  return `${head.join("\r\n")}\r\n\r\n${bytes.toString("latin1")}`;
}

const multipart = (content: string, type = "image/png") =>
  Buffer.from(
    `--b\r\nContent-Disposition: form-data; name="picture"; filename="a.png"\r\nContent-Type: ${type}\r\n\r\n${content}\r\n--b--\r\n`,
    "latin1",
  );
const multipartType = ["Content-Type: multipart/form-data; boundary=b"];
const png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

describe("bodies that are refused before they reach anything", () => {
  test.each([
    ["JSON that is none", post("/people", "{name:1}"), 400, "malformed-body"],
    ["JSON cut short", post("/people", '{"name":"a"'), 400, "malformed-body"],
    ["a body that is empty", post("/people", ""), 400, "malformed-body"],
    ["a duplicate key", post("/people", '{"name":"a","name":"b"}'), 400, "malformed-body"],
    [
      "a key that reaches the prototype",
      post("/people", '{"name":"a","__proto__":{"admin":true}}'),
      400,
      "malformed-body",
    ],
    ["10,000 levels", post("/people", `${"[".repeat(10_000)}${"]".repeat(10_000)}`), 400, "malformed-body"],
    ["an integer that loses digits", post("/people", '{"name":"a","age":12345678901234567890}'), 400, "malformed-body"],
    ["NaN as a number", post("/people", '{"name":"a","age":NaN}'), 400, "malformed-body"],
    ["NaN as a date", post("/people", '{"name":"a","born":"NaN-NaN-NaNTNaN:NaN:NaNZ"}'), 422, "invalid-body"],
    ["invalid UTF-8", post("/people", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), 400, "malformed-body"],
    ["a member that nobody declared", post("/people", '{"name":"a","admin":true}'), 422, "invalid-body"],
    ["the wrong type", post("/people", '{"name":7}'), 422, "invalid-body"],
    ["an array for an object", post("/people", "[]"), 422, "invalid-body"],
    ["text/plain", post("/people", '{"name":"a"}', ["Content-Type: text/plain"]), 415, "unsupported-media-type"],
    ["no content type", post("/people", '{"name":"a"}', []), 415, "unsupported-media-type"],
    [
      "a content type that is none",
      post("/people", '{"name":"a"}', ["Content-Type: json"]),
      415,
      "unsupported-media-type",
    ],
    [
      "JSON in UTF-16",
      post("/people", '{"name":"a"}', ["Content-Type: application/json; charset=utf-16"]),
      415,
      "unsupported-media-type",
    ],
    [
      "a form for JSON",
      post("/people", "name=a", ["Content-Type: application/x-www-form-urlencoded"]),
      415,
      "unsupported-media-type",
    ],
    [
      "an unknown content coding",
      post("/people", "x", ["Content-Type: application/json", "Content-Encoding: zebra"]),
      415,
      "unsupported-media-type",
    ],
    [
      "two content codings",
      post("/people", "x", ["Content-Type: application/json", "Content-Encoding: gzip, gzip"]),
      415,
      "unsupported-media-type",
    ],
    [
      "gzip that is none",
      post("/people", "x", ["Content-Type: application/json", "Content-Encoding: gzip"]),
      415,
      "unsupported-media-type",
    ],
    ["a body where none is declared", post("/ok", "x").replace("POST", "GET"), 415, "unsupported-media-type"],
    [
      "a page that calls itself a picture",
      post("/pictures", multipart("<html><script>1</script></html>"), multipartType),
      415,
      "unsupported-media-type",
    ],
    [
      "a picture that calls itself a page",
      post("/pictures", multipart(png, "text/html"), multipartType),
      415,
      "unsupported-media-type",
    ],
    [
      "a file over its size",
      post("/pictures", multipart(png + "x".repeat(2000)), multipartType),
      413,
      "body-too-large",
    ],
    [
      "multipart without a boundary",
      post("/pictures", multipart(png), ["Content-Type: multipart/form-data"]),
      400,
      "malformed-body",
    ],
  ])("%s", async (_name, bytes, status, problem) => {
    const { gateway, reached } = await startJudging();
    const answer = await sendRaw(gateway.httpPort, bytes);
    expect([answer.status, problemOf(answer)]).toEqual([status, problem]);
    expect(reached).toEqual([]);
    expect((await sendRaw(gateway.httpPort, "GET /ok HTTP/1.1\r\nHost: localhost\r\n\r\n")).status).toBe(200);
  });

  test("a gzip bomb is stopped while it unfolds, and memory stays where it was", async () => {
    const { gateway, reached } = await startJudging();
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
    const headers = ["Content-Type: application/json", "Content-Encoding: gzip"];
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 5; count += 1) {
      const answer = await sendRaw(gateway.httpPort, post("/people", bomb, headers));
      expect([answer.status, problemOf(answer)]).toEqual([413, "body-too-large"]);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(50 * 1024 * 1024);
    expect(reached).toEqual([]);
  });
});

test("what the upstream gets is what was judged, whatever the client's spelling", async () => {
  const { gateway, reached } = await startJudging();
  const spelled = ' { "na\\u006de" : "a" , "age" : 1e1 } ';
  const gzip = ["Content-Type: application/vnd.shop+json", "Content-Encoding: gzip"];
  expect((await sendRaw(gateway.httpPort, post("/people", gzipSync(spelled), gzip))).status).toBe(200);
  expect((await sendRaw(gateway.httpPort, post("/pictures", multipart(png), multipartType))).status).toBe(200);
  expect(reached[0]).toBe('{"name":"a","age":10}');
  expect(reached[1]).toContain("PNG");
});

test("a refusal names places and kinds, never values and never what the client made up", async () => {
  const { gateway } = await startJudging();
  const answer = await sendRaw(
    gateway.httpPort,
    post("/people", '{"name":"a-name-that-is-too-long-by-far","my-secret-key":1}'),
  );
  const { errors } = JSON.parse(answer.body) as { errors: { pointer: string; reason: string }[] };
  expect(errors).toEqual(expect.arrayContaining([{ pointer: "/name", reason: "too-long" }]));
  expect(answer.body).not.toContain("my-secret-key");
  expect(answer.body).not.toContain("a-name-that");
});

test("a client that closes its half after the request still gets its answer", async () => {
  const { gateway } = await startJudging();
  const text = await new Promise<string>((resolve, reject) => {
    const socket = connect({ port: gateway.httpPort, host: "127.0.0.1", allowHalfOpen: true });
    let received = "";
    socket.setEncoding("latin1").on("data", (part: string) => (received += part));
    socket.on("end", () => resolve(received));
    socket.on("error", reject);
    socket.end("GET /ok HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  });
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
});

test("a client that goes away within its body leaves nothing behind", async () => {
  const { gateway, reached } = await startJudging();
  const socket = connect(gateway.httpPort, "127.0.0.1");
  await new Promise<void>((resolve) =>
    socket.write(
      "POST /people HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
      () => resolve(),
    ),
  );
  socket.destroy();
  expect((await sendRaw(gateway.httpPort, "GET /ok HTTP/1.1\r\nHost: localhost\r\n\r\n")).status).toBe(200);
  expect(reached).toEqual([""]);
});

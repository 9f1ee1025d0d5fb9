/** HTML on its way through a real gateway with real workers, in both directions, and what bad input makes of it. */
import type { RequestListener } from "node:http";
import { request } from "undici";
import { describe, expect, test, vi } from "vitest";
import { open, problemOf, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

const hostile = '<p>a</p><img src="/x" onerror="hit()"><script>hit()</script>';
const json = { "content-type": "application/json" };

interface Setting {
  readonly gateway: TestGateway;
  ask(path: string, init?: Init): Promise<Asked>;
}
interface Init {
  readonly method?: "GET" | "POST" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
interface Asked {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

async function start(listener: RequestListener, routes: readonly unknown[]): Promise<Setting> {
  const upstream = await startUpstream(listener);
  const gateway = await startTestGateway({ routes }, upstream.url);
  return {
    gateway,
    async ask(path, { method = "GET", headers = {}, body } = {}) {
      const answer = await request(`http://127.0.0.1:${gateway.httpPort}${path}`, {
        method,
        headers: { ...(body !== undefined && json), ...headers },
        body: body ?? null,
      });
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
    },
  };
}

const article = (sanitize: unknown, more: Readonly<Record<string, unknown>> = {}) =>
  open("GET /article", { sanitize, ...more });
const answering =
  (body: string | Uint8Array, headers: Readonly<Record<string, string>> = json, status = 200): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

describe("an answer", () => {
  test("is cleaned once and served from memory then, and its events count the fields", async () => {
    const value = { body: hostile, blocks: [{ html: hostile }, { html: "<p>b</p>" }] };
    const { ask, gateway } = await start(answering(JSON.stringify(value)), [
      article({ fields: { body: "rich", "blocks[].html": "basic" } }),
    ]);
    for (let time = 0; time < 3; time += 1) {
      const { status, body, headers } = await ask("/article");
      expect(status).toBe(200);
      expect(JSON.parse(body)).toEqual({
        body: '<p>a</p><img src="/x">',
        blocks: [{ html: "<p>a</p>" }, { html: "<p>b</p>" }],
      });
      expect(Number(headers["content-length"])).toBe(Buffer.byteLength(body));
    }
    const notes = gateway.events.flatMap((event) => event.notes);
    expect(notes).toEqual(
      Array.from({ length: 3 }, () => expect.objectContaining({ event: "html.cleaned", count: 2 })),
    );
  });

  test("that is clean keeps its bytes and its validator, compressed upstreams and ranges included", async () => {
    const { ask } = await start(answering('{ "body": "<p>\\u00e9</p>" }', { ...json, etag: '"1"' }), [
      article({ fields: { body: "rich" } }),
    ]);
    const { body, headers } = await ask("/article", { headers: { range: "bytes=0-5" } });
    expect([body, headers["etag"]]).toEqual(['{ "body": "<p>\\u00e9</p>" }', '"1"']);
  });

  test.each<[what: string, listener: RequestListener, problem: string]>([
    ["HTML in the place of JSON", answering(hostile, { "content-type": "text/html" }), "response-refused"],
    [
      "JSON under another name",
      answering(JSON.stringify({ body: hostile }), { "content-type": "text/plain" }),
      "response-refused",
    ],
    ["JSON without a name", answering(JSON.stringify({ body: hostile }), {}), "response-refused"],
    ["another shape", answering(JSON.stringify({ body: { html: hostile } })), "response-refused"],
    ["half of a document", answering('{"body":"<p>'), "response-refused"],
    [
      "part of a document",
      answering('{"body":"x"}'.slice(3), { ...json, "content-range": "bytes 3-11/12" }, 206),
      "response-refused",
    ],
    ["invalid UTF-8", answering(Buffer.from([0x22, 0xff, 0x22])), "response-refused"],
    ["a field over its budget", answering(JSON.stringify({ body: `<p>${"x".repeat(300_000)}` })), "response-refused"],
    ["a field of ten thousand levels", answering(JSON.stringify({ body: "<div>".repeat(10_000) })), "response-refused"],
    [
      "an answer over its budget",
      answering(JSON.stringify({ body: "x", more: "x".repeat(5_000_000) })),
      "response-refused",
    ],
  ])("of %s is refused", async (_, listener, problem) => {
    const { ask } = await start(listener, [article({ fields: { body: "rich" } })]);
    const answer = await ask("/article");
    expect([answer.status, problemOf(answer)]).toEqual([502, problem]);
    expect(answer.body).not.toContain("<");
  });

  test("of fifty megabytes is refused, and leaves memory where it was", async () => {
    const chunk = Buffer.alloc(1 << 20, "<p>x");
    const { ask } = await start(
      (_, response) => {
        response.writeHead(200, json);
        let sent = 0;
        const send = () => {
          while (sent < 50 && response.write(chunk)) sent += 1;
          if (sent < 50) response.once("drain", () => ((sent += 1), send()));
          else response.end();
        };
        response.write('{"body":"');
        send();
      },
      [article({ fields: { body: "rich" } })],
    );
    await ask("/article");
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    for (let time = 0; time < 3; time += 1) expect((await ask("/article")).status).toBe(502);
    globalThis.gc?.();
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
  });

  test("that failed keeps its status and loses its words", async () => {
    const { ask } = await start(answering(hostile, { "content-type": "text/html" }, 404), [article(["body"])]);
    const answer = await ask("/article");
    expect([answer.status, problemOf(answer)]).toEqual([404, "not-found"]);
  });

  test("that is a fragment is cleaned as a whole", async () => {
    const { ask } = await start(answering(`<h2>é</h2>${hostile}`, { "content-type": "text/html" }), [
      article({ fragment: "rich" }),
    ]);
    const { body, headers } = await ask("/article");
    expect([body, headers["content-type"]]).toEqual(['<h2>é</h2><p>a</p><img src="/x">', "text/html; charset=utf-8"]);
  });

  test("is only reported where the policy says so", async () => {
    const { ask, gateway } = await start(answering(JSON.stringify({ body: hostile })), [
      article(["body"], { mode: { sanitize: "report" } }),
    ]);
    expect(JSON.parse((await ask("/article")).body)).toEqual({ body: hostile });
    const notes = gateway.events.flatMap((event) => event.notes.map(({ event: name }) => name));
    expect(notes).toEqual(expect.arrayContaining(["html.noticed", "response.would-have-changed"]));
  });
});

describe("a request", () => {
  const seen: string[] = [];
  const echo: RequestListener = (incoming, response) => {
    let text = "";
    incoming.setEncoding("utf8").on("data", (part: string) => (text += part));
    incoming.on("end", () => {
      seen.push(text);
      response.writeHead(201, json).end("{}");
    });
  };
  const route = (more: Readonly<Record<string, unknown>> = {}) =>
    open("POST /reviews", { body: "any", sanitize: { fields: ["text"], out: false }, ...more });

  test("goes upstream clean, whatever its body is declared as", async () => {
    const { ask } = await start(echo, [route()]);
    seen.length = 0;
    await ask("/reviews", { method: "POST", body: JSON.stringify({ text: hostile, rating: 5 }) });
    await ask("/reviews", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ text: hostile, rating: "5" }).toString(),
    });
    expect(JSON.parse(seen[0] ?? "")).toEqual({ text: "<p>a</p>", rating: 5 });
    expect(Object.fromEntries(new URLSearchParams(seen[1]))).toEqual({ text: "<p>a</p>", rating: "5" });
  });

  test.each<[what: string, init: Init, status: number, problem: string]>([
    ["of another type", { body: hostile, headers: { "content-type": "text/html" } }, 415, "unsupported-media-type"],
    ["with an object for a text", { body: JSON.stringify({ text: {} }) }, 422, "invalid-body"],
    ["with a member twice", { body: '{"text":"a","text":"<b>"}' }, 400, "malformed-body"],
    ["of nothing but a script", { body: JSON.stringify({ text: "<script>hit()</script>" }) }, 400, "input-refused"],
    [
      "over the budget of its field",
      { body: JSON.stringify({ text: `<p>${"x".repeat(300_000)}` }) },
      400,
      "input-refused",
    ],
    ["of ten thousand levels", { body: JSON.stringify({ text: "<b>".repeat(10_000) }) }, 400, "input-refused"],
  ])("%s is refused, and never sent", async (_, init, status, problem) => {
    const { ask } = await start(echo, [route()]);
    seen.length = 0;
    const answer = await ask("/reviews", { method: "POST", ...init });
    expect([answer.status, problemOf(answer), seen]).toEqual([status, problem, []]);
  });

  test("is only reported where the policy says so, and goes as it came", async () => {
    const { ask, gateway } = await start(echo, [route({ mode: { sanitize: "report" } })]);
    seen.length = 0;
    await ask("/reviews", { method: "POST", body: `{"text": ${JSON.stringify(hostile)}}` });
    expect(seen).toEqual([`{"text": ${JSON.stringify(hostile)}}`]);
    expect(gateway.events.flatMap((event) => event.notes)).toMatchObject([{ event: "html.noticed", count: 1 }]);
  });

  test("that a client leaves keeps no text waiting", async () => {
    const { ask } = await start(echo, [route()]);
    const many = Array.from({ length: 40 }, (_, at) =>
      ask("/reviews", { method: "POST", body: JSON.stringify({ text: `<p x>${at}` }) }),
    );
    expect((await Promise.all(many)).map(({ status }) => status)).toEqual(many.map(() => 201));
  });
});

test("a policy that begins to clean with a reload starts the workers before it is in force", async () => {
  const upstream = await startUpstream(answering(JSON.stringify({ body: hostile })));
  const gateway = await startTestGateway({ routes: [open("GET /article")] }, upstream.url);
  const ask = async () => (await request(`http://127.0.0.1:${gateway.httpPort}/article`)).body.text();
  expect(await ask()).toContain("<script>");
  gateway.rewrite({ routes: [article({ fields: { body: "rich" } })] });
  await vi.waitFor(async () => expect(await ask()).not.toContain("<script>"), { timeout: 10_000, interval: 100 });
  expect(JSON.parse(await ask())).toEqual({ body: '<p>a</p><img src="/x">' });
});

import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { runHooks, testGuard } from "../../test/support/test-guard.ts";
import { rewriteOrigin } from "./rewrite-origin.ts";

const from = "http://10.0.0.5:8080";
const json = { "content-type": "application/json; charset=UTF-8" };
const link = JSON.stringify({ link: `${from}/a` });

testGuard(rewriteOrigin, {
  passes: [
    {
      name: "an answer with the upstream's origin",
      options: { from },
      exchange: { response: { headers: json, body: link } },
    },
    {
      name: "an image, coded or not",
      options: { from },
      exchange: { response: { headers: { "content-type": "image/png", "content-encoding": "gzip" }, body: "png" } },
    },
    { name: "several origins of the upstream", options: { from: [from, "https://cms.example"] }, exchange: {} },
  ],
  denies: [
    {
      name: "text in a coding that nobody asked for",
      options: { from },
      exchange: { response: { headers: { ...json, "content-encoding": "br" }, body: "?" } },
      problem: "response-refused",
    },
  ],
});

describe("rewrite-origin", () => {
  async function answer(response: FakeExchangeInit["response"], options: { from: string; to?: string } = { from }) {
    const exchange = fakeExchange({ response: response ?? {} });
    await runHooks(rewriteOrigin.create(rewriteOrigin.options.parse(options), fakeEnv()), exchange);
    const { body, headers, status } = exchange.response;
    return { status, headers, body, text: body instanceof Uint8Array ? new TextDecoder().decode(body) : undefined };
  }

  test("puts the public origin in place of the upstream's in a body", async () => {
    expect((await answer({ headers: json, body: link })).text).toBe('{"link":"https://shop.example/a"}');
  });

  test("puts another origin there when told so", async () => {
    const { text } = await answer({ headers: json, body: link }, { from, to: "https://cdn.example" });
    expect(text).toBe('{"link":"https://cdn.example/a"}');
  });

  test.each([
    "text/html",
    "application/ld+json",
    "application/rss+xml; charset=UTF-8",
    "image/svg+xml",
    "text/javascript",
  ])("takes %s for text", async (type) => {
    expect((await answer({ headers: { "content-type": type }, body: from })).text).toBe("https://shop.example");
  });

  test("leaves what is not text alone, with its length and its validator", async () => {
    const headers = { "content-type": "image/png", "content-length": "20", etag: '"v1"', "accept-ranges": "bytes" };
    const got = await answer({ headers, body: from });
    expect(got.text).toBe(from);
    expect(Object.entries(headers).flat()).toEqual(got.headers.flat);
  });

  test("rewrites every header that carries links", async () => {
    const { headers } = await answer({
      status: 301,
      headers: [
        ...["location", `${from}/b`],
        ...["link", `<${from}/wp-json/>; rel="https://api.w.org/"`],
        ...["link", `<${from}/a>; rel=shortlink`],
        ...["content-location", `${from}/c`],
        ...["refresh", `0; url=${from}/d`],
        ...["x-served-by", from],
      ],
    });
    expect(headers.get("location")).toBe("https://shop.example/b");
    expect(headers.getAll("link")).toEqual([
      '<https://shop.example/wp-json/>; rel="https://api.w.org/"',
      "<https://shop.example/a>; rel=shortlink",
    ]);
    expect(headers.get("content-location")).toBe("https://shop.example/c");
    expect(headers.get("refresh")).toBe("0; url=https://shop.example/d");
    expect(headers.get("x-served-by")).toBe(from);
  });

  test("keeps no length, digest or strong validator of the body as it was", async () => {
    const { headers } = await answer({
      headers: { ...json, "content-length": "31", etag: '"v1"', "content-md5": "Q2hlY2s=", "accept-ranges": "bytes" },
      body: link,
    });
    expect(headers.flat).toEqual(["content-type", json["content-type"], "etag", 'W/"v1"']);
  });

  test("gives a 304 the same validator as the answer that it stands for", async () => {
    const { headers } = await answer({ status: 304, headers: { etag: '"v1"' } });
    expect(headers.get("etag")).toBe('W/"v1"');
    expect((await answer({ status: 304, headers: { etag: 'W/"v1"' } })).headers.get("etag")).toBe('W/"v1"');
  });

  test("rewrites a streamed body as it comes, wherever the chunks are cut", async () => {
    const bytes = new TextEncoder().encode(link.repeat(200));
    async function* stream() {
      for (let at = 0; at < bytes.length; at += 7) yield bytes.slice(at, at + 7);
    }
    const { body } = await answer({ headers: json, body: stream() });
    let text = "";
    for await (const chunk of body as AsyncIterable<Uint8Array>) text += new TextDecoder().decode(chunk);
    expect(text).toBe('{"link":"https://shop.example/a"}'.repeat(200));
  });

  test("asks the upstream for whole, uncoded bodies", async () => {
    const exchange = fakeExchange({
      headers: { "accept-encoding": "br", range: "bytes=0-9", "if-range": '"v1"', accept: "*/*" },
    });
    await runHooks(rewriteOrigin.create(rewriteOrigin.options.parse({ from }), fakeEnv()), exchange);
    expect(exchange.upstreamRequest.headers.flat).toEqual(["accept", "*/*"]);
  });

  test("leaves bodies alone where told so: parts of them, codings and validators pass", async () => {
    const exchange = fakeExchange({
      headers: { "accept-encoding": "br", range: "bytes=0-9" },
      response: { status: 206, headers: { ...json, etag: '"v1"', location: `${from}/a` }, body: link },
    });
    await runHooks(rewriteOrigin.create(rewriteOrigin.options.parse({ from, bodies: false }), fakeEnv()), exchange);
    expect(exchange.upstreamRequest.headers.flat).toEqual(["accept-encoding", "br", "range", "bytes=0-9"]);
    expect(exchange.response.headers.get("etag")).toBe('"v1"');
    expect(exchange.response.headers.get("location")).toBe("https://shop.example/a");
    expect(exchange.response.body).toEqual(new TextEncoder().encode(link));
  });

  test("leaves the gateway's own answers alone", async () => {
    expect((await answer({ headers: json, body: link, origin: "gateway" })).text).toBe(link);
  });

  test.each(["cms.example", "ftp://cms.example", "http://cms.example/blog", "http://user@cms.example"])(
    "takes %s for no origin",
    (text) => {
      expect(rewriteOrigin.options.safeParse({ from: text }).success).toBe(false);
    },
  );
});

import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, fakeRoute } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { createRedactor } from "../secrets/redact.ts";
import { Secret } from "../secrets/secret.ts";
import { leakedSecrets } from "./leaked-secrets.ts";

const value = "tok_9f8e7d6c5b4a3f2e";
const secrets = createRedactor([new Secret("commerce.token", value)]);
const env = { secrets };
const json = { "content-type": "application/json" };
const cfpat = `CFPAT-${"aB3dE5fG7hI9jK1lM".repeat(3).slice(0, 43)}`;
const script = { "content-type": "text/javascript" };
const padding = " x".repeat(500);

testGuard(leakedSecrets, {
  passes: [
    {
      name: "an answer that holds nothing",
      options: undefined,
      env,
      exchange: { response: { headers: json, body: "{}" } },
    },
    {
      name: "media, whatever its bytes are",
      options: undefined,
      env,
      exchange: { response: { headers: { "content-type": "image/png" }, body: value } },
    },
    {
      name: "a format that is allowed by name, with a reason",
      options: { allow: { "contentful-management-token": "the page explains how tokens look" } },
      exchange: { response: { headers: script, body: cfpat } },
    },
    {
      name: "a publishable key",
      options: undefined,
      exchange: { response: { headers: script, body: `pk_live_${"aB3d".repeat(8)}` } },
    },
    {
      name: "part of a film",
      options: undefined,
      exchange: { response: { status: 206, headers: { "content-type": "video/mp4" }, body: "x" } },
    },
  ],
  denies: [
    ...[
      ["JSON", json],
      ["a script", script],
      ["a page", { "content-type": "text/html; charset=utf-8" }],
      ["SVG", { "content-type": "image/svg+xml" }],
      ["a source map", { "content-type": "application/json" }],
      ["a type that nobody knows", { "content-type": "application/x-shop" }],
      ["no type at all", {}],
      ["text in Latin-1", { "content-type": "text/plain; charset=ISO-8859-1" }],
    ].map(([name, headers]) => ({
      name: `the value of a secret in ${String(name)}`,
      options: undefined,
      env,
      exchange: { response: { headers: headers as Record<string, string>, body: `{"a":"${value}"}` } },
      problem: "response-refused" as const,
    })),
    {
      name: "the value of a secret in a header",
      options: undefined,
      env,
      exchange: {
        response: { headers: { ...json, "set-cookie": `a=${Buffer.from(value).toString("base64")}` }, body: "{}" },
      },
      problem: "response-refused",
    },
    {
      name: "the name of an internal host that the policy names",
      options: { texts: [".shop.internal"] },
      exchange: { response: { headers: script, body: 'fetch("https://commerce-2.shop.internal/")' } },
      problem: "response-refused",
    },
    {
      name: "a redirect with a token in its address",
      options: undefined,
      exchange: { response: { status: 302, headers: { location: `/cb?t=${cfpat}` } } },
      problem: "response-refused",
    },
    {
      name: "a management token in a script",
      options: undefined,
      exchange: { response: { headers: script, body: `const t="${cfpat}"` } },
      problem: "response-refused",
    },
    {
      name: "the value of a secret although formats are allowed",
      options: { allow: { "github-token": "the page explains how tokens look" } },
      env,
      exchange: { response: { headers: script, body: value } },
      problem: "response-refused",
    },
    ...["utf-16", "UTF-16LE", "utf-7", "cp037", "iso-2022-jp"].map((charset) => ({
      name: `text in ${charset}, in which nothing would be found`,
      options: undefined,
      exchange: { response: { headers: { "content-type": `text/html; charset=${charset}` }, body: "x" } },
      problem: "response-refused" as const,
    })),
    ...["compress", "gzip, br", "aes128gcm"].map((coding) => ({
      name: `the coding ${coding}, in which nothing can be looked for`,
      options: undefined,
      exchange: { response: { headers: { ...json, "content-encoding": coding }, body: "x" } },
      problem: "response-refused" as const,
    })),
    {
      name: "a part of a text, of which the client fetches the rest apart",
      options: undefined,
      exchange: { response: { status: 206, headers: script, body: "x" } },
      problem: "response-refused",
    },
    {
      name: "several parts in one answer",
      options: undefined,
      exchange: {
        response: { status: 206, headers: { "content-type": "multipart/byteranges; boundary=x" }, body: "x" },
      },
      problem: "response-refused",
    },
  ],
});

describe("an answer that holds a secret", () => {
  test("leaves an event with the secret's name and never its value", async () => {
    const { notes, verdict } = await respond(
      leakedSecrets,
      undefined,
      { response: { headers: json, body: value } },
      env,
    );
    expect(notes).toEqual([
      {
        guard: "leaked-secrets",
        event: "secret.withheld",
        reason: "the body of the answer holds the value of the secret commerce.token",
      },
    ]);
    expect(JSON.stringify([notes, verdict])).not.toContain("9f8e");
  });

  test("ends as a stream before the value is complete", async () => {
    const body = inParts(`{"a":"${padding}","b":"${value}","c":1}`, 7);
    const exchange = fakeExchange({ response: { headers: json, body } });
    const hooks = leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(env));
    expect(await hooks.response?.(exchange)).toBeUndefined();
    let sent = "";
    const reading = (async () => {
      for await (const chunk of exchange.response.body as AsyncIterable<Uint8Array>)
        sent += Buffer.from(chunk).toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: "content-refused" });
    expect(sent).toBe(`{"a":"${padding}","b":"`);
    expect(exchange.notes).toMatchObject([{ event: "secret.withheld" }]);
  });

  test("and whose stream was let go lets go of its source", async () => {
    let released = false;
    const body: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: new Uint8Array(10) }),
        return: async () => {
          released = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const exchange = fakeExchange({ response: { headers: json, body } });
    await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(env)).response?.(exchange);
    await (exchange.response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return?.();
    expect(released).toBe(true);
  });
});

describe("a coded answer", () => {
  const codings = [
    ["gzip", gzipSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
  ] as const;
  const answer = (coding: string, body: Uint8Array | AsyncIterable<Uint8Array>) => ({
    route: { ...fakeRoute, page: true },
    response: { headers: { ...script, "content-encoding": coding }, body },
  });

  test.each(codings)("in %s is looked through and sent as it is", async (coding, compress) => {
    const clean = compress(Buffer.from(`a${padding}`));
    const whole = fakeExchange(answer(coding, clean));
    expect(await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(env)).response?.(whole)).toBeUndefined();
    expect(whole.response.body).toBe(clean);
    const refused = await respond(
      leakedSecrets,
      undefined,
      answer(coding, compress(Buffer.from(`${padding}${value}`))),
      env,
    );
    expect(refused.verdict).toMatchObject({ kind: "deny", problem: "response-refused" });
  });

  test.each(codings)("in %s passes as a stream byte for byte, and ends where a secret is", async (coding, compress) => {
    const read = async (bytes: Uint8Array, size: number) => {
      const parts = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })();
      const exchange = fakeExchange(answer(coding, parts));
      await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(env)).response?.(exchange);
      const chunks: Uint8Array[] = [];
      for await (const chunk of exchange.response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
      return Buffer.concat(chunks);
    };
    const noise = Buffer.from(Array.from({ length: 3000 }, (_, at) => ((at * 7919) % 251).toString(36)).join(""));
    const clean = compress(noise);
    for (const size of [1, 100, 100_000]) expect((await read(clean, size)).equals(clean)).toBe(true);
    const leaking = compress(Buffer.concat([noise, Buffer.from(value), noise]));
    for (const size of [1, 100, 100_000]) {
      await expect(read(leaking, size)).rejects.toMatchObject({ code: "content-refused" });
    }
  });

  test("that is not in its coding is refused", async () => {
    await expect(respond(leakedSecrets, undefined, answer("gzip", Buffer.from("no gzip")), env)).rejects.toMatchObject({
      code: "upstream-unreachable",
    });
    const cut = gzipSync(Buffer.from(padding)).subarray(0, 20);
    await expect(respond(leakedSecrets, undefined, answer("gzip", cut), env)).rejects.toThrow();
  });
});

describe("report mode", () => {
  const report = { ...env, mode: "report" as const };

  test("tells of a stream and passes it byte for byte", async () => {
    const text = `{"a":"${value}","b":"${value}"}`;
    const response = { headers: json, body: inParts(text, 5) };
    const answer = await respond(leakedSecrets, undefined, { response }, report);
    expect(answer.text).toBe(text);
    expect(answer.notes).toMatchObject([{ event: "secret.noticed" }]);
  });

  test("passes a coded stream, whatever it is", async () => {
    for (const bytes of [gzipSync(Buffer.from(value)), Buffer.from("no gzip at all, but sent all the same")]) {
      const parts = (async function* () {
        for (let at = 0; at < bytes.length; at += 10) yield bytes.subarray(at, at + 10);
      })();
      const response = { headers: { ...script, "content-encoding": "gzip" }, body: parts };
      const exchange = fakeExchange({ response });
      await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(report)).response?.(exchange);
      const chunks: Uint8Array[] = [];
      for await (const chunk of exchange.response.body as AsyncIterable<Uint8Array>) chunks.push(chunk);
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    }
  });

  test("asks upstreams for the parts that the client asked for", async () => {
    const exchange = fakeExchange({ path: "/app.js", headers: { range: "bytes=0-9" } });
    await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv(report)).request?.(exchange);
    expect(exchange.upstreamRequest.headers.get("range")).toBe("bytes=0-9");
  });
});

test.each([
  ["/app.js", false, false],
  ["/feed.xml", true, false],
  ["/about", true, false],
  ["/film.mp4", true, true],
  ["/catalogue.PDF", false, true],
  ["/api/media/42", false, true],
])("a range of %s (page: %s) goes upstream: %s", async (path, page, goes) => {
  const headers = { range: "bytes=0-9", "if-range": '"v1"' };
  const exchange = fakeExchange({ path, headers });
  await leakedSecrets.create({ allow: {}, texts: [] }, fakeEnv({ route: { ...fakeRoute, page } })).request?.(exchange);
  const { headers: sent } = exchange.upstreamRequest;
  expect([sent.has("range"), sent.has("if-range")]).toEqual([goes, goes]);
});

test("tokens whose use decides are noticed once and pass", async () => {
  const body = "AKIAIOSFODNN7EXAMPLE AKIAIOSFODNN7EXAMPLE";
  const { notes, text } = await respond(leakedSecrets, undefined, { response: { headers: script, body } });
  expect(text).toBe(body);
  expect(notes).toEqual([
    { guard: "leaked-secrets", event: "token.noticed", reason: "the answer holds a aws-access-key-id (by-use)" },
  ]);
});

test("a format that does not exist cannot be allowed, and none without a reason", () => {
  expect(leakedSecrets.options.safeParse({ allow: { "github-tokn": "a good reason" } }).success).toBe(false);
  expect(leakedSecrets.options.safeParse({ allow: { "github-token": "ok" } }).success).toBe(false);
});

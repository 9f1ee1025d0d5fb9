import { describe, expect, test } from "vitest";
import { HeadgateError } from "../lib/error.ts";
import type { Sanitizer } from "../lib/sanitizer.ts";
import { fakeEnv, fakeExchange } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { sanitize } from "./sanitize.ts";

const json = { "content-type": "application/json" };
const hostile = "<p>a</p><script>hit()</script>";
const body = (value: unknown) => JSON.stringify(value);
const answer = (value: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  response: { headers: json, body: typeof value === "string" ? value : body(value), ...more },
});
const asked = (value: unknown, type = "application/json") => ({
  method: "POST",
  headers: { "content-type": type },
  body: typeof value === "string" ? value : body(value),
});

const failing = (code: "content-refused" | "sanitizer-unavailable"): Sanitizer => ({
  prepare: () => ({ clean: () => Promise.reject(new HeadgateError(code, "no")) }),
});

testGuard(sanitize, {
  passes: [
    { name: "an answer without the field", options: ["body"], exchange: answer({ title: "x" }) },
    {
      name: "a field that is null, a number or a boolean",
      options: ["a", "b", "c"],
      exchange: answer({ a: null, b: 1, c: true }),
    },
    { name: "a clean field", options: ["body"], exchange: answer({ body: "<p>x</p>" }) },
    { name: "a field that is cleaned", options: ["body"], exchange: answer({ body: hostile }) },
    { name: "an answer of the gateway's own", options: ["body"], exchange: answer("<p>", { origin: "gateway" }) },
    { name: "an answer without a body", options: ["body"], exchange: { response: { status: 204 } } },
    { name: "a request without a body", options: ["body"], exchange: { method: "POST" } },
    { name: "a request that is cleaned", options: ["body"], exchange: asked({ body: hostile }) },
    {
      name: "any answer, where only requests are cleaned",
      options: { fields: ["body"], out: false },
      exchange: answer("<html>", { headers: { "content-type": "text/html" } }),
    },
    {
      name: "any request, where only answers are cleaned",
      options: { fields: ["body"], in: false },
      exchange: asked("x", "text/plain"),
    },
  ],
  denies: [
    {
      name: "an object where a text is declared",
      options: ["body"],
      exchange: answer({ body: { html: hostile } }),
      problem: "response-refused",
    },
    {
      name: "a list where a text is declared",
      options: ["body"],
      exchange: answer({ body: [hostile] }),
      problem: "response-refused",
    },
    {
      name: "a list where an object is declared",
      options: ["body"],
      exchange: answer([{ body: hostile }]),
      problem: "response-refused",
    },
    {
      name: "an object where a list is declared",
      options: ["blocks[].html"],
      exchange: answer({ blocks: { html: hostile } }),
      problem: "response-refused",
    },
    {
      name: "an answer that is no JSON",
      options: ["body"],
      exchange: answer(hostile, { headers: { "content-type": "text/html" } }),
      problem: "response-refused",
    },
    {
      name: "an answer that says no type",
      options: ["body"],
      exchange: answer({ body: "x" }, { headers: {} }),
      problem: "response-refused",
    },
    { name: "broken JSON", options: ["body"], exchange: answer('{"body": "<p>'), problem: "response-refused" },
    {
      name: "an answer over its budget",
      options: { fields: ["body"], maxAnswerBytes: 20 },
      exchange: answer({ body: "x".repeat(30) }),
      problem: "response-refused",
    },
    {
      name: "a failed answer of another form, by the problem of its status",
      options: ["[].body"],
      exchange: answer({ error: hostile }, { status: 404 }),
      problem: "not-found",
    },
    {
      name: "an object in a request where a text is declared",
      options: ["body"],
      exchange: asked({ body: {} }),
      problem: "invalid-body",
    },
    {
      name: "a request that is neither JSON nor a form",
      options: ["body"],
      exchange: asked(hostile, "text/html"),
      problem: "unsupported-media-type",
    },
    { name: "a request of broken JSON", options: ["body"], exchange: asked('{"body":'), problem: "malformed-body" },
    {
      name: "a request with a member given twice",
      options: ["body"],
      exchange: asked('{"body":"x","body":"<b>"}'),
      problem: "malformed-body",
    },
    {
      name: "a request of which nothing is left",
      options: ["body"],
      exchange: asked({ body: "<script>hit()</script>" }),
      problem: "input-refused",
    },
    {
      name: "a request whose text cannot be cleaned",
      options: ["body"],
      exchange: asked({ body: hostile }),
      env: { sanitizer: failing("content-refused") },
      problem: "input-refused",
    },
    {
      name: "JSON where only fragments are declared",
      options: { fragment: "rich" },
      exchange: answer({ body: hostile }),
      problem: "response-refused",
    },
    {
      name: "a socket, whose messages nobody reads",
      options: ["body"],
      exchange: { headers: { upgrade: "WebSocket" } },
      problem: "upgrade-refused",
    },
    {
      name: "a fragment that is not in UTF-8",
      options: { fragment: "rich" },
      exchange: { response: { headers: { "content-type": "text/html; charset=utf-7" }, body: "x" } },
      problem: "response-refused",
    },
    {
      name: "a fragment that says UTF-8 and is not",
      options: { fragment: "rich" },
      exchange: { response: { headers: { "content-type": "text/html" }, body: new Uint8Array([0x3c, 0xff]) } },
      problem: "response-refused",
    },
  ],
});

describe("an answer", () => {
  test("has its declared fields cleaned and nothing else", async () => {
    const value = {
      title: hostile,
      body: hostile,
      blocks: [{ html: hostile }, { html: "<b>b</b>" }, { text: hostile }],
    };
    const { text, notes, headers } = await respond(sanitize, ["body", "blocks[].html"], {
      response: { headers: { ...json, etag: '"1"', "content-length": "300" }, body: body(value) },
    });
    expect(JSON.parse(text)).toEqual({
      title: hostile,
      body: "<p>a</p>",
      blocks: [{ html: "<p>a</p>" }, { html: "<b>b</b>" }, { text: hostile }],
    });
    expect(notes).toEqual([
      {
        guard: "sanitize",
        event: "html.cleaned",
        reason: "a field held markup that its profile does not let stay",
        count: 2,
      },
    ]);
    expect([...headers.keys()]).toEqual(["content-type"]);
  });

  test("passes byte for byte, with its validators, where nothing has to be cleaned", async () => {
    const written = '{ "body" : "<p>\\u00e9</p>", "n": 1.0 }';
    const { text, headers, notes } = await respond(sanitize, ["body"], {
      response: { headers: { ...json, etag: '"1"' }, body: written },
    });
    expect([text, headers.get("etag"), notes]).toEqual([written, '"1"', []]);
  });

  test("is collected where it streams", async () => {
    const { text } = await respond(sanitize, ["body"], {
      response: { headers: json, body: inParts(body({ body: hostile }), 7) },
    });
    expect(text).toBe('{"body":"<p>a</p>"}');
  });

  test("that redirects loses what nobody declared", async () => {
    const { text, verdict } = await respond(sanitize, ["body"], {
      response: { status: 302, headers: { location: "/", "content-type": "text/html" }, body: hostile },
    });
    expect([text, verdict]).toEqual(["", undefined]);
  });

  test("fails as a whole where a text cannot be cleaned", async () => {
    const env = { sanitizer: failing("content-refused") };
    await expect(respond(sanitize, ["body"], answer({ body: "<p>" }), env)).rejects.toMatchObject({
      code: "content-refused",
    });
  });

  test("that is a fragment is cleaned as a whole, and says its encoding", async () => {
    const { text, headers, notes } = await respond(
      sanitize,
      { fragment: "rich" },
      {
        response: { headers: { "content-type": "text/html", etag: '"1"' }, body: `<p>é</p>${hostile}` },
      },
    );
    expect([text, headers.get("content-type"), headers.get("etag")]).toEqual([
      "<p>é</p><p>a</p>",
      "text/html; charset=utf-8",
      undefined,
    ]);
    expect(notes).toMatchObject([{ event: "html.cleaned", count: 1 }]);
  });
});

describe("a request", () => {
  async function send(
    options: Parameters<typeof sanitize.options.parse>[0],
    init: Parameters<typeof fakeExchange>[0],
    mode: "enforce" | "report" = "enforce",
  ) {
    const exchange = fakeExchange(init);
    const hooks = sanitize.create(sanitize.options.parse(options), fakeEnv({ mode }));
    const verdict = await hooks.request?.(exchange);
    const { body: bytes, headers } = exchange.upstreamRequest;
    return { verdict, sent: Buffer.from(bytes ?? []).toString("latin1"), headers, notes: exchange.notes, exchange };
  }

  test("goes upstream with its fields cleaned, and with the length of what is sent", async () => {
    const { sent, headers, notes, exchange } = await send(["text"], {
      ...asked({ rating: 5, text: hostile }),
      parsedBody: { rating: 5, text: hostile },
    });
    expect(sent).toBe('{"rating":5,"text":"<p>a</p>"}');
    expect(headers.get("content-length")).toBe("30");
    expect(exchange.parsedBody).toEqual({ rating: 5, text: "<p>a</p>" });
    expect(notes).toMatchObject([{ guard: "sanitize", event: "html.cleaned", count: 1 }]);
  });

  test("that was judged goes as it was judged, not as it came", async () => {
    const { sent } = await send(["text"], { ...asked({ text: hostile, admin: true }), parsedBody: { text: hostile } });
    expect(sent).toBe('{"text":"<p>a</p>"}');
  });

  test("may be a form", async () => {
    const { sent } = await send(
      ["text"],
      asked(`rating=5&text=${encodeURIComponent(hostile)}&tag=a&tag=b`, "application/x-www-form-urlencoded"),
    );
    expect(new URLSearchParams(sent).toString()).toBe("rating=5&text=%3Cp%3Ea%3C%2Fp%3E&tag=a&tag=b");
  });

  test("may be a form with files, which are left alone", async () => {
    const part = (name: string, text: string) => `--x\r\nContent-Disposition: form-data; ${name}\r\n\r\n${text}\r\n`;
    const file = part('name="photo"; filename="a.png"', "<script>not a text</script>");
    const { sent } = await send(
      ["text"],
      asked(`${part('name="text"', hostile)}${file}--x--\r\n`, "multipart/form-data; boundary=x"),
    );
    expect(sent).toContain('name="text"\r\n\r\n<p>a</p>\r\n');
    expect(sent).toContain("<script>not a text</script>");
  });

  test("is told of and left alone in report mode", async () => {
    const { sent, verdict, notes } = await send(["text"], asked({ text: hostile }), "report");
    expect([JSON.parse(sent), verdict]).toEqual([{ text: hostile }, { kind: "pass" }]);
    expect(notes).toMatchObject([{ event: "html.noticed", count: 1 }]);
  });

  test("may have other fields than its answer", async () => {
    const options = { fields: ["text"], out: { "[].text": "rich" } };
    expect((await send(options, asked({ text: hostile }))).sent).toBe('{"text":"<p>a</p>"}');
    const { text } = await respond(sanitize, options as never, answer([{ text: hostile }]));
    expect(text).toBe('[{"text":"<p>a</p>"}]');
  });
});

describe("the option", () => {
  const create = (option: unknown, page = false) => {
    const route = { id: "GET /x", pattern: "/x", methods: ["GET"], page, files: false };
    return sanitize.create(sanitize.options.parse(option), fakeEnv({ route }));
  };

  test.each([
    ["a path that is none", ["a..b"], '"a..b" is not the path of a field'],
    ["nothing at all", { profile: "rich" }, "names no field and no fragment to clean"],
    ["nothing on either side", { fields: ["a"], in: false, out: false }, "names no field and no fragment to clean"],
  ])("refuses %s", (_, option, message) => {
    expect(() => create(option)).toThrow(message);
  });

  test("refuses a page as a fragment", () => {
    expect(() => create({ fragment: "rich" }, true)).toThrow("a page is no fragment");
  });

  test.each([
    { elements: ["script"] },
    { elements: ["svg"] },
    { elements: ["iframe"] },
    { elements: ["form"] },
    { attributes: { a: ["onclick"] } },
    { attributes: { "*": ["style"] } },
    { attributes: { script: ["src"] } },
    { schemes: ["javascript"] },
    { schemes: ["data"] },
    { schemes: ["https:"] },
    { frames: ["*.example"] },
    { frames: ["https://www.youtube-nocookie.com/embed"] },
    { styles: ["position"] },
    { rel: ["opener"] },
  ])("refuses a profile that lets through what runs: %j", (profile) => {
    expect(sanitize.options.safeParse({ fields: { body: profile } }).success).toBe(false);
  });

  test("takes lists of the policy's own, on top of a profile", () => {
    const profile = {
      name: "wiki",
      extends: "rich",
      elements: ["nav"],
      attributes: { "*": ["data-id"] },
      frames: ["www.youtube-nocookie.com"],
      styles: ["color"],
    };
    expect(sanitize.options.safeParse({ fields: { body: profile } }).success).toBe(true);
  });

  test("says what it means", () => {
    const options = sanitize.options.parse({
      fields: { "blocks[].html": "rich", title: "text" },
      fragment: "basic",
      in: false,
    });
    expect(sanitize.describe?.(options)).toBe(
      "HTML is cleaned in answers: blocks[].html (rich), title (text); fragments of HTML (basic)",
    );
    expect(sanitize.describe?.(sanitize.options.parse(["text"]))).toBe(
      "HTML is cleaned in requests: text (basic); answers: text (basic)",
    );
  });
});

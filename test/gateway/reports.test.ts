import { request } from "undici";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Note } from "../../src/guards/contract/exchange.ts";
import { open, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

const site = "https://localhost";

async function startCollector(
  reports: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<TestGateway> {
  const upstream = await startUpstream((_request, response) => response.end("upstream"));
  const routes = [open("GET /products/:id", { page: true }), open("GET /*", { page: true })];
  return startTestGateway({ site, reports, routes, ...more }, upstream.url);
}

interface Post {
  readonly path?: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function post(gateway: TestGateway, body: unknown, { path, type, headers }: Post = {}) {
  const answer = await request(`http://localhost:${gateway.httpPort}${path ?? "/.headgate/reports"}`, {
    method: "POST",
    headers: { "content-type": type ?? "application/reports+json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
}

const violation = (body: Readonly<Record<string, unknown>> = {}, type = "csp-violation") => ({
  type,
  age: 12,
  url: `${site}/products/42?token=s3cret`,
  user_agent: "Mozilla/5.0",
  body: {
    documentURL: `${site}/products/42?token=s3cret#s3cret`,
    blockedURL: "https://cdn.example/a.js?key=s3cret",
    effectiveDirective: "script-src-elem",
    disposition: "enforce",
    ...body,
  },
});

function notesOf(gateway: TestGateway): readonly Note[] {
  return gateway.events.flatMap(({ notes }) => notes);
}

test("a list of reports becomes events, each with its facts, and the answer says nothing", async () => {
  const gateway = await startCollector();
  const answer = await post(gateway, [
    violation(),
    {
      type: "deprecation",
      url: `${site}/products/7`,
      body: { id: "WebSQL", message: "WebSQL is gone", lineNumber: 3 },
    },
  ]);
  expect([answer.status, answer.text]).toEqual([204, ""]);
  expect(notesOf(gateway)).toEqual([
    {
      guard: "reports",
      event: "csp.violated",
      reason: "script-src-elem refused https://cdn.example/a.js on /products/:id",
      count: 1,
      facts: {
        directive: "script-src-elem",
        blocked: "https://cdn.example/a.js",
        page: "/products/:id",
        disposition: "enforce",
      },
    },
    {
      guard: "reports",
      event: "browser.deprecated",
      reason: "a deprecated feature (WebSQL, WebSQL is gone) on /products/:id",
      count: 1,
      facts: { id: "WebSQL", message: "WebSQL is gone", line: "3", page: "/products/:id" },
    },
  ]);
  expect(gateway.events[0]).toMatchObject({ event: "request.allowed", route: "POST /.headgate/reports", status: 204 });
});

test("a report of the older kind becomes the same event", async () => {
  const gateway = await startCollector();
  const body = {
    "csp-report": {
      "document-uri": `${site}/products/42?token=s3cret`,
      referrer: `${site}/?s3cret`,
      "violated-directive": "img-src 'self' https://images.example",
      "original-policy": "img-src 'self'",
      "blocked-uri": "http://tracker.example/pixel?user=s3cret",
      "status-code": 200,
      "source-file": `${site}/app.js?v=s3cret`,
      "line-number": 10,
      "column-number": 4,
    },
  };
  expect((await post(gateway, body, { type: "application/csp-report" })).status).toBe(204);
  expect(notesOf(gateway)).toEqual([
    {
      guard: "reports",
      event: "csp.violated",
      reason: "img-src refused http://tracker.example/pixel on /products/:id",
      count: 1,
      facts: {
        directive: "img-src",
        blocked: "http://tracker.example/pixel",
        page: "/products/:id",
        disposition: "enforce",
        source: "https://localhost/app.js",
        line: "10",
        column: "4",
      },
    },
  ]);
});

test("whatever is posted, the answer is the same, byte for byte but for ids and the budget", async () => {
  const gateway = await startCollector();
  const answers = await Promise.all([
    post(gateway, [violation()]),
    post(gateway, [violation()]),
    post(gateway, "no JSON at all"),
    post(gateway, [{ type: "unheard-of", url: site, body: {} }]),
    post(gateway, [violation({ blockedURL: "chrome-extension://abc/x.js" })]),
    post(gateway, "x".repeat(100_000)),
    post(gateway, [violation()], { type: "image/png" }),
    post(gateway, [violation()], { headers: { origin: "https://elsewhere.example" } }),
    post(gateway, "[]", { path: "/.headgate/errors", type: "text/plain" }),
  ]);
  const [first, ...others] = answers.map(({ status, headers, text }) => {
    // What differs is the call's own: when, which, how many are left, and that a body was too long to read on.
    const own = new Set(["date", "x-request-id", "ratelimit", "connection", "keep-alive"]);
    const rest = Object.entries(headers).filter(([name]) => !own.has(name));
    return { status, text, rest };
  });
  expect(first?.status).toBe(204);
  // Its own budget, and not the one that it shares with all.
  expect(answers[0]?.headers["ratelimit"]).toMatch(/^"address-1min";r=\d+;t=\d+$/);
  for (const other of others) expect(other).toEqual(first);
});

test("what is not told as an event is counted as one, with the reason", async () => {
  const gateway = await startCollector();
  const noise = violation({ sourceFile: "safari-web-extension://x/y.js" });
  await post(gateway, [violation(), violation(), noise, { type: "unheard-of", url: site, body: {} }, 7]);
  expect(notesOf(gateway).map(({ event, count }) => [event, count])).toEqual([
    ["csp.violated", 1],
    ["report.refused", 1],
    ["report.refused", 1],
    ["report.repeated", 1],
    ["report.ignored", 1],
  ]);
});

test("a browser of another origin may report: its preflight is answered, and the post taken", async () => {
  const gateway = await startCollector({}, { cors: { origins: [] } });
  const preflight = await request(`http://localhost:${gateway.httpPort}/.headgate/reports`, {
    method: "OPTIONS",
    headers: {
      origin: "https://static.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    },
  });
  expect([preflight.statusCode, preflight.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
  expect(preflight.headers["access-control-allow-headers"]).toBe("content-type");
  expect(preflight.headers["access-control-allow-credentials"]).toBeUndefined();
  await post(gateway, [violation({ documentURL: "https://static.example/x?y" })], {
    headers: { origin: "https://static.example" },
  });
  expect(notesOf(gateway)).toMatchObject([{ event: "csp.violated", facts: { page: "https://static.example" } }]);
});

test.each([
  [site, "csp.violated"],
  ["https://evil.example", "report.refused"],
])(
  "a report about a frame that a page has written itself counts for the site only where %s is it",
  async (origin, event) => {
    const gateway = await startCollector();
    for (const documentURL of ["about", "about:srcdoc"]) {
      await post(gateway, [violation({ documentURL, blockedURL: `https://${documentURL.length}.example` })], {
        headers: { origin },
      });
    }
    expect(notesOf(gateway).map((note) => [note.event, note.facts?.["page"]])).toEqual(
      Array.from({ length: 2 }, () => [event, event === "csp.violated" ? "a frame without address" : undefined]),
    );
  },
);

test.each<[string, Readonly<Record<string, string>>, string]>([
  ["the site itself", { origin: site }, "csp.violated"],
  ["the site, without referrers", { origin: "null", "sec-fetch-site": "same-origin" }, "csp.violated"],
  ["no browser's script", {}, "csp.violated"],
  ["a script of another site", { origin: "https://evil.example" }, "report.refused"],
  ["a script of a site that looks like it", { origin: `${site}.evil.example` }, "report.refused"],
  ["a sandboxed frame of another site", { origin: "null", "sec-fetch-site": "cross-site" }, "report.refused"],
  ["a sandboxed frame of another site, in an old browser", { origin: "null" }, "report.refused"],
])("a report about a page of the site, sent by %s, is judged by who sends it", async (_name, headers, event) => {
  const gateway = await startCollector();
  expect((await post(gateway, [violation()], { headers })).status).toBe(204);
  const error = [{ kind: "error", page: `${site}/cart`, message: "x" }];
  await post(gateway, error, { headers, path: "/.headgate/errors", type: "text/plain" });
  const expected = event === "csp.violated" ? [event, "browser.failed"] : [event, event];
  expect(notesOf(gateway).map((note) => note.event)).toEqual(expected);
});

test("more posts of one address than are taken are refused, and another address still reports", async () => {
  const gateway = await startCollector({ posts: { perAddress: "3/min" } }, { trustedProxies: ["127.0.0.0/8"] });
  const from = (address: string) => ({ headers: { "x-forwarded-for": address, "x-forwarded-proto": "https" } });
  const statuses: number[] = [];
  for (let count = 0; count < 5; count += 1) statuses.push((await post(gateway, "[]", from("192.0.2.1"))).status);
  expect(statuses).toEqual([204, 204, 204, 429, 429]);
  expect((await post(gateway, "[]", from("192.0.2.2"))).status).toBe(204);
});

test("a flood from many addresses ends at the ceiling of all, and never reaches the upstream", async () => {
  const gateway = await startCollector({ posts: { overall: "40/min" } }, { trustedProxies: ["127.0.0.0/8"] });
  const statuses = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      post(gateway, [violation({ blockedURL: `https://x${index}.example/` })], {
        headers: { "x-forwarded-for": `198.51.100.${index}`, "x-forwarded-proto": "https" },
      }).then(({ status }) => status),
    ),
  );
  expect(statuses.filter((status) => status === 204)).toHaveLength(40);
  expect(statuses.filter((status) => status === 429)).toHaveLength(20);
});

test("a limit, a body schema and a mode for the whole site neither break nor open the endpoint", async () => {
  const gateway = await startCollector(
    { posts: { perAddress: "3/min" } },
    {
      limit: "1/h per address",
      mode: "report",
      body: { kind: "json-schema", schema: { type: "object", required: ["never"] } },
      headers: { kind: "json-schema", schema: { type: "object", required: ["x-never"] } },
    },
  );
  const statuses: number[] = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await post(gateway, [violation()])).status);
  expect(statuses).toEqual([204, 204, 204, 429]);
});

test("the script is served with its type, may be kept, and is not sent again to who has it", async () => {
  const gateway = await startCollector();
  const url = `http://localhost:${gateway.httpPort}/.headgate/client.js`;
  const first = await request(url);
  const text = await first.body.text();
  expect(first.statusCode).toBe(200);
  expect(first.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(first.headers["cache-control"]).toBe("public, max-age=3600");
  expect(first.headers["x-content-type-options"]).toBe("nosniff");
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
  expect(text).not.toBe("");
  const again = await request(url, { headers: { "if-none-match": String(first.headers["etag"]) } });
  expect([again.statusCode, await again.body.text(), again.headers["etag"]]).toEqual([304, "", first.headers["etag"]]);
  const other = await request(url, { headers: { "if-none-match": '"something else"' } });
  expect([other.statusCode, (await other.body.text()).length]).toEqual([200, text.length]);
  const head = await request(url, { method: "HEAD" });
  expect([head.statusCode, head.headers["content-length"], await head.body.text()]).toEqual([
    200,
    String(Buffer.byteLength(text)),
    "",
  ]);
});

test("errors can be left out, and then neither the script nor its endpoint is there", async () => {
  const gateway = await startCollector({ errors: false });
  const answer = await request(`http://localhost:${gateway.httpPort}/.headgate/client.js`);
  expect(await answer.body.text()).toBe("upstream");
  expect((await post(gateway, "[]", { path: "/.headgate/errors" })).status).toBe(405);
});

test("another path takes the endpoints with it, and none stands where nothing was declared", async () => {
  const gateway = await startCollector({ path: "/telemetry/v1/csp" });
  expect((await post(gateway, "[]", { path: "/telemetry/v1/csp" })).status).toBe(204);
  expect((await post(gateway, "[]", { path: "/telemetry/v1/errors" })).status).toBe(204);
  expect((await post(gateway, "[]")).status).toBe(405);
  const without = await startCollector(undefined, { reports: undefined });
  expect((await post(without, "[]")).status).toBe(405);
});

describe("attacks", () => {
  const error = (more: Readonly<Record<string, unknown>>) => [
    { kind: "error", page: `${site}/`, message: "x", ...more },
  ];
  const errors = { path: "/.headgate/errors", type: "text/plain" };
  const zip = gzipSync(JSON.stringify([violation({ sample: "a".repeat(50_000_000) })]));

  test.each<[string, unknown, Post, Readonly<Record<string, number>>]>([
    ["a list of ten thousand", Array(10_000).fill(0), {}, { "report.refused": 1 }],
    [
      "a list of a hundred real ones",
      Array.from({ length: 100 }, (_, at) => violation({ blockedURL: `https://${at}.example` })),
      {},
      { "csp.violated": 50, "report.dropped": 50 },
    ],
    ["nesting without end", "[".repeat(60_000), {}, { "report.refused": 1 }],
    ["a key given twice", `[{"type":"csp-violation","type":"crash","url":"x","body":{}}]`, {}, { "report.refused": 1 }],
    ["a key that reaches a prototype", `[{"__proto__":{"type":"crash"}}]`, {}, { "report.refused": 1 }],
    ["a type that is no text", [{ type: ["crash"], url: site, body: {} }], {}, { "report.refused": 1 }],
    ["a type of every object", [{ type: "constructor", url: site, body: {} }], {}, { "report.refused": 1 }],
    ["a body that is a list", [{ type: "crash", url: site, body: [] }], {}, { "report.refused": 1 }],
    ["an address that is an object", [violation({ blockedURL: { toString: "x" } })], {}, { "report.refused": 1 }],
    ["a directive that there is none", [violation({ effectiveDirective: "x-src\n" })], {}, { "report.refused": 1 }],
    ["bytes that are no text", Uint8Array.of(0x5b, 0xff, 0xfe, 0x5d), {}, { "report.refused": 1 }],
    [
      "sixteen bits a character",
      Buffer.from("[]", "utf16le"),
      { type: "application/reports+json; charset=utf-16" },
      { "report.refused": 1 },
    ],
    ["no content type", "[]", { type: "" }, { "report.refused": 1 }],
    ["fifty megabytes in fifty kilobytes", zip, { headers: { "content-encoding": "gzip" } }, { "report.refused": 1 }],
    ["more than 64 KB", JSON.stringify([violation({ sample: "a".repeat(70_000) })]), {}, { "report.refused": 1 }],
    ["an error with members of its own", error({ admin: true }), errors, { "report.refused": 1 }],
    ["an error with a status that is none", error({ status: 1e9 }), errors, { "report.refused": 1 }],
    [
      "an error in bytes of a form",
      "message=x",
      { ...errors, type: "application/x-www-form-urlencoded" },
      { "report.refused": 1 },
    ],
  ])("%s costs one answer and is counted", async (_name, body, how, expected) => {
    const gateway = await startCollector();
    expect((await post(gateway, body, how)).status).toBe(204);
    const counts: Record<string, number> = {};
    for (const { event, count = 1 } of notesOf(gateway)) counts[event] = (counts[event] ?? 0) + count;
    expect(counts).toEqual(expected);
  });

  test("no report begins a line of the log, hides text in it or speaks to a terminal", async () => {
    const gateway = await startCollector();
    const evil = 'x\n{"event":"request.denied"}\r\n\u001b[2J\u202e\u2028\u200b\u0085y';
    await post(gateway, [
      violation({ sample: evil, sourceFile: `https://a.example/${evil}`, documentURL: `https://b.example/${evil}` }),
      { type: "crash", url: evil, body: { reason: evil } },
      { type: "network-error", url: site, body: { type: evil, phase: evil, method: evil } },
    ]);
    await post(gateway, error({ message: evil, source: evil, method: evil, url: evil }), errors);
    const texts = notesOf(gateway).flatMap(({ reason, facts }) => [reason, ...Object.values(facts ?? {})]);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
  });

  test("credentials in addresses, paths and messages do not get into an event", async () => {
    const gateway = await startCollector();
    const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJlLW9mLXRva2Vu";
    const key = "4f9a8b7c6d5e4f3a2b1c0d9e";
    const uuid = "0190f3c2-7a54-7cc1-8f36-5b1f5a1c9e42";
    await post(gateway, [
      violation({
        documentURL: `${site}/reset/${uuid}/${key}?t=${token}`,
        blockedURL: `https://user:${key}@cdn.example/${token}/x.js?k=${key}#${key}`,
        sourceFile: `https://cdn.example/${uuid}/y.js`,
        sample: `t="${token}"`,
      }),
    ]);
    const message = `cannot load https://api.example/x?token=short-secret with ${token}, ${key} or ${uuid}`;
    await post(gateway, error({ message, url: `https://api.example/${key}?short-secret` }), errors);
    const text = JSON.stringify(notesOf(gateway));
    expect(text).toContain("cannot load https://api.example/x with …, … or …");
    for (const secret of [token, key, uuid, "short-secret"]) expect(text).not.toContain(secret);
  });

  test("no event is longer than a screen, whatever stands in the report", async () => {
    const gateway = await startCollector();
    const long = "long ".repeat(10_000);
    await post(gateway, [
      violation({ sample: long.slice(0, 9000), sourceFile: `https://a.example/${"seg/".repeat(9000)}` }),
    ]);
    await post(gateway, [
      { type: "deprecation", url: site, body: { id: long.slice(0, 30_000), message: long.slice(0, 30_000) } },
    ]);
    await post(gateway, error({ message: long }), errors);
    expect(notesOf(gateway).filter(({ facts }) => facts)).toHaveLength(3);
    for (const note of notesOf(gateway)) expect(JSON.stringify(note).length).toBeLessThan(1500);
  });
});

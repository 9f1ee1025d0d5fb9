import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeExchangeInit, fakeRoute } from "../../test/support/exchange.ts";
import { inParts, respond } from "../../test/support/respond.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { csp } from "./csp.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

const route = { ...fakeRoute, page: true };
const html = { "content-type": "text/html" };
/** The base64 of sixteen bytes of seven, of which the fake world's chance consists. */
const nonce = "BwcHBwcHBwcHBwcHBwcHBw==";
const page = '<!doctype html><script src="/assets/app.js"></script><script>alert(1)</script>';
const stamped = page.replace("<script src", `<script nonce="${nonce}" src`);

const manifest = JSON.stringify({
  version: 1,
  pages: {
    "/": { scripts: ["sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="], styles: [], files: [] },
    "/about": { scripts: [], styles: ["sha256-BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA="] },
  },
});
const withManifest = { route, file: () => manifest };

testGuard(csp, {
  passes: [
    { name: "data", options: undefined },
    { name: "a page", options: undefined, exchange: { route, response: { headers: html, body: page } } },
    { name: "a page of a build", options: { mode: "hash", manifest: "m.json" }, env: withManifest },
    { name: "a page with a policy of its own", options: { mode: "upstream" }, env: { route } },
  ],
  denies: [
    {
      name: "a page whose coding nobody knows",
      options: undefined,
      exchange: { route, response: { headers: { ...html, "content-encoding": "rot13" }, body: page } },
      problem: "response-refused",
    },
    {
      name: "a page in an encoding in which tags look different",
      options: undefined,
      exchange: { route, response: { headers: { "content-type": "text/html; charset=utf-16" }, body: page } },
      problem: "response-refused",
    },
  ],
});

describe("a page", () => {
  test("gets a policy under which nothing runs but what has the nonce, and its known scripts get that", async () => {
    const { headers, text } = await walk({ response: { headers: html, body: page } });
    expect(headers.get("content-security-policy")).toBe(
      `default-src 'none'; script-src 'nonce-${nonce}' 'strict-dynamic'; style-src 'self' 'nonce-${nonce}'; ` +
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; media-src 'self'; worker-src 'self'; " +
        "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; " +
        "upgrade-insecure-requests",
    );
    expect(text).toBe(stamped);
  });

  test("is not kept by caches that serve others, has no validator, and one encoding", async () => {
    const sent = {
      ...html,
      etag: '"1"',
      "last-modified": "x",
      "content-length": "9",
      "cache-control": "public, max-age=60",
    };
    const { headers } = await walk({ response: { headers: sent, body: page } });
    expect(headers.get("cache-control")).toBe("private, no-cache");
    expect([headers.get("etag"), headers.get("last-modified"), headers.get("content-length")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    const never = await walk({ response: { headers: { ...html, "cache-control": "no-store" }, body: page } });
    expect(never.headers.get("cache-control")).toBe("no-store");
  });

  test("is rewritten as it streams, packed or not", async () => {
    expect((await walk({ response: { headers: html, body: inParts(page, 3) } })).text).toBe(stamped);
    const packed = { ...html, "content-encoding": "gzip" };
    const whole = await walk({ response: { headers: packed, body: new Uint8Array(gzipSync(page)) } });
    expect([whole.text, whole.headers.get("content-encoding")]).toEqual([stamped, undefined]);
    const parts = gzipSync(page).toString("latin1");
    const streamed = await walk({ response: { headers: packed, body: bytesInParts(Buffer.from(parts, "latin1"), 5) } });
    expect(streamed.text).toBe(stamped);
  });

  test("that is not whole in its coding fails instead of ending early", async () => {
    const body = bytesInParts(gzipSync(page).subarray(0, 40), 5);
    await expect(walk({ response: { headers: { ...html, "content-encoding": "gzip" }, body } })).rejects.toThrow();
  });

  test("tells the upstream its nonce, and takes nobody's word for one", async () => {
    const exchange = fakeExchange({ route, headers: { "x-nonce": "mine", "content-security-policy": "script-src *" } });
    await hooksFor().request?.(exchange);
    expect(exchange.upstreamRequest.headers.getAll("x-nonce")).toEqual([nonce]);
    expect(exchange.upstreamRequest.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
  });

  test("is asked for plain where a browser opens it, and files as they are", async () => {
    const asked = async (headers: Record<string, string>) => {
      const exchange = fakeExchange({ route, headers: { "accept-encoding": "br", ...headers } });
      await hooksFor().request?.(exchange);
      return exchange.upstreamRequest.headers.get("accept-encoding");
    };
    expect(await asked({ "sec-fetch-dest": "document" })).toBeUndefined();
    expect(await asked({ "sec-fetch-dest": "script" })).toBe("br");
  });

  test("loses the policies that the upstream sent", async () => {
    const sent = [
      ...Object.entries(html).flat(),
      "content-security-policy",
      "script-src *",
      "x-webkit-csp",
      "script-src *",
    ];
    const { headers } = await walk({ response: { headers: sent, body: page } });
    expect(headers.get("content-security-policy")).not.toContain("*");
    expect(headers.get("x-webkit-csp")).toBeUndefined();
  });

  test("that a cache has keeps the policy and the nonce that it came with", async () => {
    const { headers } = await walk({
      response: { status: 304, headers: { "content-security-policy": "script-src *" } },
    });
    expect(headers.get("content-security-policy")).toBeUndefined();
  });

  test("without a body gets the headers", async () => {
    const { headers, text } = await walk({ method: "HEAD", response: { headers: html, body: null } });
    expect([headers.has("content-security-policy"), text]).toEqual([true, ""]);
  });

  test("is not touched while the guard only reports", async () => {
    const { text } = await walk({ response: { headers: html, body: page } }, undefined, { mode: "report" });
    expect(text).toBe(page);
    const exchange = fakeExchange({ route, headers: { "sec-fetch-dest": "document", "accept-encoding": "br" } });
    const before = exchange.upstreamRequest.headers.flat.slice();
    await hooksFor(undefined, { mode: "report" }).request?.(exchange);
    expect(exchange.upstreamRequest.headers.flat).toEqual(before);
  });
});

describe("what a policy says", () => {
  const policyOf = async (options: Parameters<typeof csp.options.parse>[0], env: Partial<GuardEnv> = {}, path = "/") =>
    (await walk({ path, response: { headers: html, body: page } }, options, env)).headers.get(
      "content-security-policy",
    ) ?? "";

  test("services bring what they need, and foreign scripts get the nonce", async () => {
    const body = '<script src="https://js.stripe.com/v3/"></script><script src="https://evil.example/x.js"></script>';
    const { headers, text } = await walk(
      { response: { headers: html, body } },
      { thirdParties: ["stripe", "google-fonts"] },
    );
    const policy = headers.get("content-security-policy");
    expect(policy).toContain("connect-src 'self' https://api.stripe.com;");
    expect(policy).toContain("style-src 'self' https://fonts.googleapis.com 'nonce-");
    expect(text).toBe(body.replace("<script", `<script nonce="${nonce}"`));
  });

  test("declared sources stand beside the site, and take the place of none", async () => {
    const policy = await policyOf({
      directives: {
        "connect-src": ["https://api.example"],
        "frame-src": ["https://maps.example"],
        "frame-ancestors": ["'self'"],
      },
    });
    expect(policy).toContain("connect-src 'self' https://api.example;");
    expect(policy).toContain("frame-src https://maps.example;");
    expect(policy).toContain("frame-ancestors 'self';");
  });

  test("violations are reported where the gateway takes them", async () => {
    const { headers } = await walk({ response: { headers: html, body: page } }, undefined, {
      reports: { path: "/.headgate/reports", client: "/.headgate/client.js" },
    });
    expect(headers.get("content-security-policy")).toMatch(/; report-uri \/\.headgate\/reports; report-to headgate$/);
    expect(headers.get("reporting-endpoints")).toBe('headgate="/.headgate/reports"');
  });

  test("trusted types, style attributes and plain HTTP", async () => {
    const policy = await policyOf(
      { trustedTypes: ["headgate"], styleAttributes: true },
      { site: "http://127.0.0.1:4100" },
    );
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types headgate");
    expect(policy).toContain("style-src-attr 'unsafe-inline'");
    expect(policy).not.toContain("upgrade-insecure-requests");
    expect(await policyOf({ trustedTypes: [] })).toContain("trusted-types 'none'");
  });

  test("a second policy is tried out beside the first, and the first one alone", async () => {
    const both = await walk(
      { response: { headers: html, body: page } },
      { reportOnly: { trustedTypes: [], strictDynamic: false } },
    );
    expect(both.headers.get("content-security-policy")).not.toContain("trusted-types");
    const second = both.headers.get("content-security-policy-report-only");
    expect(second).toContain(`script-src 'nonce-${nonce}'; style-src`);
    expect(second).toContain("trusted-types 'none'");
    const alone = await walk({ response: { headers: html, body: page } }, { reportOnly: true });
    expect([alone.headers.has("content-security-policy"), alone.text]).toEqual([false, stamped]);
  });

  test("a page of a build runs what stood in it then, and is sent as it is", async () => {
    const options = { mode: "hash", manifest: "m.json" } as const;
    const { headers, text } = await walk(
      { path: "/", response: { headers: { ...html, etag: '"1"' }, body: page } },
      options,
      withManifest,
    );
    expect(headers.get("content-security-policy")).toContain(
      "script-src 'strict-dynamic' 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='; style-src 'self';",
    );
    expect([text, headers.get("etag")]).toEqual([page, '"1"']);
    const about = "script-src 'self'; style-src 'self' 'sha256-BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=';";
    for (const path of ["/about", "/about/", "/about.html", "/about/index.html"]) {
      expect(await policyOf(options, withManifest, path)).toContain(about);
    }
    // A path without a page of its own has got the first page of an app.
    expect(await policyOf(options, withManifest, "/app/7")).toContain("'sha256-AAAA");
  });

  test("a page of a directory runs the site's own script files, and is sent as it is", async () => {
    const init = { response: { headers: html, body: page } };
    const { headers, text } = await walk(init, undefined, { route: { ...route, files: true } });
    expect(headers.get("content-security-policy")).toContain("script-src 'self'; style-src 'self';");
    expect(text).toBe(page);
  });

  test("a manifest that is none is an error of the policy", () => {
    const options = csp.options.parse({ mode: "hash", manifest: "m.json" });
    expect(() => csp.create(options, fakeEnv({ route, file: () => '{"version":2}' }))).toThrow("headgate csp build");
    expect(csp.options.safeParse({ mode: "nonce", manifest: "m.json" }).success).toBe(false);
  });
});

describe("what is no page", () => {
  test.each([
    ["data", "application/json", "default-src 'none'; frame-ancestors 'none'"],
    [
      "a picture that can hold scripts",
      "image/svg+xml",
      "default-src 'none'; style-src 'self'; frame-ancestors 'none'; sandbox",
    ],
    [
      "a script, which may be a worker",
      "text/javascript",
      "default-src 'none'; script-src 'self'; connect-src 'self'; upgrade-insecure-requests",
    ],
  ])("%s", async (_, type, policy) => {
    const { headers, text } = await walk({ response: { headers: { "content-type": type, etag: '"1"' }, body: page } });
    expect(headers.get("content-security-policy")).toBe(policy);
    expect([text, headers.get("etag")]).toEqual([page, '"1"']);
  });

  test("HTML of an API, and what the gateway says itself", async () => {
    const nothing = "default-src 'none'; frame-ancestors 'none'";
    const api = await respond(csp, undefined, { response: { headers: html, body: page } });
    expect([api.headers.get("content-security-policy"), api.text]).toEqual([nothing, page]);
    const refusal = await walk({ response: { status: 403, origin: "gateway", headers: html } });
    expect(refusal.headers.get("content-security-policy")).toBe(nothing);
  });

  test("a page that brings its own policy keeps it, and gets a least one where it brings none", async () => {
    const options = { mode: "upstream" } as const;
    const own = { ...html, "content-security-policy": "script-src 'self'" };
    const kept = await respond(csp, options, { response: { headers: own } }, { route });
    expect(kept.headers.get("content-security-policy")).toBe("script-src 'self'");
    const none = await respond(csp, options, { response: { headers: html } }, { route });
    expect(none.headers.get("content-security-policy")).toBe(
      "object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
    );
  });
});

function hooksFor(options?: Parameters<typeof csp.options.parse>[0], env: Partial<GuardEnv> = {}) {
  return csp.create(csp.options.parse(options), fakeEnv({ route, ...env }));
}

/** A request and its answer, through one guard. */
async function walk(
  init: FakeExchangeInit,
  options?: Parameters<typeof csp.options.parse>[0],
  env: Partial<GuardEnv> = {},
) {
  const exchange = fakeExchange({ route, ...init });
  const hooks = hooksFor(options, env);
  await hooks.request?.(exchange);
  await hooks.response?.(exchange);
  const { headers, body } = exchange.response;
  const parts: Uint8Array[] = [];
  if (body instanceof Uint8Array) parts.push(body);
  else if (body) for await (const part of body) parts.push(part);
  return { headers, text: Buffer.concat(parts).toString() };
}

async function* bytesInParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

import { describe, expect, test } from "vitest";
import { fakeEnv, fakeExchange, type FakeExchangeInit } from "../../test/support/exchange.ts";
import { testGuard } from "../../test/support/test-guard.ts";
import { cors } from "./cors.ts";
import type { RouteView } from "./contract/exchange.ts";

const partner = "https://partner.example";
const open = { origins: [partner, "https://*.preview.example"] };
const reviews: RouteView = {
  id: "POST /api/reviews",
  pattern: "/api/reviews",
  methods: ["POST"],
  page: false,
  files: false,
};

function preflight(origin: string, more: Readonly<Record<string, string>> = {}): FakeExchangeInit {
  return { method: "OPTIONS", headers: { origin, "access-control-request-method": "GET", ...more } };
}

function post(headers: Readonly<Record<string, string>>): FakeExchangeInit {
  return { method: "POST", route: reviews, headers: { "content-type": "text/plain", ...headers } };
}

testGuard(cors, {
  passes: [
    { name: "a read without an origin", options: undefined },
    {
      name: "a foreign read, whose answer the browser withholds",
      options: open,
      exchange: { headers: { origin: "https://evil.test" } },
    },
    { name: "a write without an origin, as programs send it", options: open, exchange: post({}) },
    { name: "a write from the site itself", options: undefined, exchange: post({ origin: "https://shop.example" }) },
    { name: "a write from an allowed origin", options: open, exchange: post({ origin: partner }) },
    {
      name: "a write from an origin that fits a pattern",
      options: open,
      exchange: post({ origin: "https://pr-7.preview.example" }),
    },
    {
      name: "a form of the site's own page that hides its origin",
      options: open,
      exchange: post({ origin: "null", "sec-fetch-site": "same-origin" }),
    },
    { name: "a write that the visitor started", options: open, exchange: post({ "sec-fetch-site": "none" }) },
    {
      name: "a plain OPTIONS, which is no preflight",
      options: open,
      exchange: { method: "OPTIONS", headers: { origin: "https://evil.test" } },
    },
  ],
  denies: [
    ...[
      "https://evil.test",
      "null",
      "https://partner.example.evil.test",
      "http://partner.example",
      "not an origin",
      "",
    ].map((origin) => ({
      name: `a write from ${JSON.stringify(origin)}, which needs no preflight`,
      options: open,
      exchange: post({ origin }),
      problem: "origin-not-allowed" as const,
    })),
    {
      name: "a write from a sandboxed frame",
      options: open,
      exchange: post({ origin: "null", "sec-fetch-site": "cross-site" }),
      problem: "origin-not-allowed",
    },
    ...["cross-site", "same-site"].map((site) => ({
      name: `a ${site} write whose origin was taken off on the way`,
      options: open,
      exchange: post({ "sec-fetch-site": site }),
      problem: "origin-not-allowed" as const,
    })),
    {
      name: "a WebSocket handshake from a foreign page",
      options: open,
      exchange: { headers: { origin: "https://evil.test", upgrade: "websocket" } },
      problem: "origin-not-allowed",
    },
    {
      name: "a preflight when no origin is declared",
      options: undefined,
      exchange: preflight(partner),
      problem: "origin-not-allowed",
    },
    {
      name: "a foreign preflight",
      options: open,
      exchange: preflight("https://evil.test"),
      problem: "origin-not-allowed",
    },
    { name: "a preflight from null", options: open, exchange: preflight("null"), problem: "origin-not-allowed" },
    {
      name: "a preflight for a method that the route does not have",
      options: open,
      exchange: preflight(partner, { "access-control-request-method": "DELETE" }),
      problem: "origin-not-allowed",
    },
    {
      name: "a preflight for a header that is not declared",
      options: open,
      exchange: preflight(partner, { "access-control-request-headers": "content-type, x-forwarded-host" }),
      problem: "origin-not-allowed",
    },
    {
      name: "a preflight into a private network",
      options: open,
      exchange: preflight(partner, { "access-control-request-private-network": "true" }),
      problem: "origin-not-allowed",
    },
  ],
  answers: [
    { name: "a preflight from an allowed origin", options: open, exchange: preflight(partner), status: 204 },
    {
      name: "a preflight with the usual headers in any case",
      options: open,
      exchange: preflight(partner, { "access-control-request-headers": "authorization,Content-Type" }),
      status: 204,
    },
    {
      name: "a preflight for HEAD where GET is declared",
      options: open,
      exchange: preflight(partner, { "access-control-request-method": "HEAD" }),
      status: 204,
    },
  ],
});

describe("cors", () => {
  function createHooks(options: Parameters<typeof cors.options.parse>[0]) {
    return cors.create(cors.options.parse(options), fakeEnv());
  }

  function respond(options: Parameters<typeof cors.options.parse>[0], init: FakeExchangeInit): readonly string[] {
    const exchange = fakeExchange(init);
    createHooks(options).response?.(exchange);
    return exchange.response.headers.flat;
  }

  test("answers a preflight with exactly what is declared", () => {
    const hooks = createHooks({ ...open, credentials: true, headers: ["Content-Type"], maxAge: "2min" });
    expect(hooks.request?.(fakeExchange(preflight(partner)))).toEqual({
      kind: "respond",
      reason: "a preflight from an allowed origin",
      response: {
        status: 204,
        origin: "gateway",
        body: null,
        headers: expect.objectContaining({
          flat: [
            ...["access-control-allow-origin", partner],
            ...["access-control-allow-methods", "GET, HEAD"],
            ...["access-control-allow-headers", "content-type"],
            ...["access-control-max-age", "120"],
            ...["access-control-allow-credentials", "true"],
            ...["vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"],
          ],
        }),
      },
    });
  });

  test("names an allowed origin exactly and tells caches that the answer differs", () => {
    expect(respond(open, { headers: { origin: partner } })).toEqual([
      ...["vary", "Origin"],
      ...["access-control-allow-origin", partner],
      ...["access-control-expose-headers", "Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"],
    ]);
  });

  test("gives credentials and further headers only where they are declared", () => {
    const headers = respond({ ...open, credentials: true, expose: ["ETag"] }, { headers: { origin: partner } });
    expect(headers).toContain("Retry-After, RateLimit, RateLimit-Policy, X-Request-Id, ETag");
    expect(headers.slice(-2)).toEqual(["access-control-allow-credentials", "true"]);
  });

  test.each(["https://evil.test", "null", "https://partner.example.evil.test"])(
    "gives %s nothing but Vary",
    (origin) => {
      expect(respond(open, { headers: { origin } })).toEqual(["vary", "Origin"]);
    },
  );

  test("says Vary without an Origin too, beside what the upstream varies by", () => {
    expect(respond(open, { response: { headers: { vary: "Accept-Encoding" } } })).toEqual([
      "vary",
      "Accept-Encoding, Origin",
    ]);
    expect(respond(undefined, {})).toEqual([]);
  });

  test("throws away every permission that an upstream gives, however often it does", () => {
    const reflected = [
      ...["access-control-allow-origin", "https://evil.test"],
      ...["content-type", "application/json"],
      ...["access-control-allow-origin", "*"],
      ...["access-control-allow-credentials", "true"],
      ...["access-control-allow-private-network", "true"],
      ...["etag", '"7"'],
      ...["access-control-expose-headers", "X-WP-Total"],
    ];
    const headers = { origin: "https://evil.test" };
    expect(respond(undefined, { headers, response: { headers: reflected } })).toEqual([
      ...["content-type", "application/json"],
      ...["etag", '"7"'],
    ]);
  });

  test("makes the gateway's own denials readable for an allowed origin", () => {
    const headers = respond(open, { headers: { origin: partner }, response: { status: 429, origin: "gateway" } });
    expect(headers).toContain(partner);
  });

  test("leaves an answered preflight as it was, and a refused one without permission", () => {
    const hooks = createHooks(open);
    const answered = fakeExchange(preflight(partner));
    const verdict = hooks.request?.(answered);
    if (verdict === undefined || !("kind" in verdict) || verdict.kind !== "respond") throw new Error("not answered");
    answered.response = verdict.response;
    const before = [...verdict.response.headers.flat];
    hooks.response?.(answered);
    expect(answered.response.headers.flat).toEqual(before);

    const refused = preflight(partner, { "access-control-request-method": "DELETE" });
    expect(respond(open, { ...refused, response: { status: 403, origin: "gateway" } })).toEqual(["vary", "Origin"]);
  });

  test.each([
    { origins: ["*"] },
    { origins: ["https://partner.example/"] },
    { headers: ["*"] },
    { expose: ["a, b"] },
    { orgins: [] },
  ])("refuses the options %j", (options) => {
    expect(cors.options.safeParse(options).success).toBe(false);
  });

  test("explains itself", () => {
    expect(cors.describe?.(cors.options.parse(undefined))).toBe("no foreign origin may call");
    expect(cors.describe?.(cors.options.parse(open))).toBe(
      "open to https://partner.example, https://*.preview.example without credentials, remembered for 10min",
    );
  });
});

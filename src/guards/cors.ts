import { z } from "zod";
import { durationOption, formatDuration } from "../lib/duration.ts";
import { HeaderList } from "../lib/header-list.ts";
import { createOriginMatcher, formatOriginRule, originOption } from "../lib/origin.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange, RouteView } from "./contract/exchange.ts";

// Field names and methods are tokens (RFC 9110 section 5.6.2). A star is one too, and would mean "all": it is refused.
const token = z.string().regex(/^[!#$%&'+.^_`|~0-9A-Za-z-]+$/, "a name without spaces, commas or a star");

const usualRequestHeaders = [
  ...["accept", "accept-language", "authorization", "content-language", "content-type", "dpop", "idempotency-key"],
  ...["if-match", "if-none-match", "last-event-id", "range", "traceparent", "tracestate", "x-request-id"],
];

/** What a frontend needs to understand a refusal. */
const alwaysExposed = ["Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-Id"];

const corsOptions = z
  .strictObject({
    origins: z.array(originOption).default([]).meta({
      description:
        'the foreign origins that may call: exact, or "https://*.preview.example" for one label; none unless said',
    }),
    credentials: z
      .boolean()
      .default(false)
      .meta({ description: "whether calls from those origins may carry cookies and other ambient credentials" }),
    methods: z
      .array(token)
      .optional()
      .meta({ description: "the methods that those origins may use; the route's own unless said" }),
    headers: z
      .array(token.toLowerCase())
      .default(usualRequestHeaders)
      .meta({ description: "the request headers that those origins may set, in place of the usual ones" }),
    expose: z
      .array(token)
      .default([])
      .meta({ description: `the response headers that scripts may read, beside ${alwaysExposed.join(", ")}` }),
    maxAge: durationOption("10min").meta({ description: "how long a browser may remember the answer to a preflight" }),
  })
  .prefault({});

type CorsOptions = z.output<typeof corsOptions>;

/**
 * Says to browsers which foreign pages may call, and refuses what a foreign page must not even send.
 *
 * Two attacks. A page that reads another site's data with the visitor's rights: stopped by naming origins exactly, by
 * throwing away whatever the upstream says (headless platforms echo any origin, with credentials), and by `Vary`, so that
 * no cache gives one origin's answer to another. And a page that sends a form or a `text/plain` body, for which no
 * preflight is made (CSRF): state-changing methods and WebSocket handshakes from foreign origins are refused outright.
 * A foreign read passes without permission headers: its answer is the browser's to withhold, and tools that send an
 * `Origin` of their own keep working. Requests without an `Origin` pass: CORS is no access control.
 */
export const cors = defineGuard({
  name: "cors",
  key: "cors",
  summary: "Answers preflights, names the allowed origins on every response and refuses writes from any other.",
  controls: ["api-cors"],
  applies: "always",
  options: corsOptions,
  stage: () => "cors",
  describe: ({ origins, credentials, maxAge }) =>
    origins.length === 0
      ? "no foreign origin may call"
      : `open to ${origins.map(formatOriginRule).join(", ")} ${credentials ? "with" : "without"} credentials, ` +
        `remembered for ${formatDuration(maxAge)}`,
  create(options, env) {
    const site = { kind: "exact", origin: new URL(env.site).origin } as const;
    const isAllowed = createOriginMatcher([site, ...options.origins]);
    const judgePreflight = createPreflight(options, env.route, isAllowed);
    const permissions = toPermissions(options);
    // Also on answers to requests without an Origin, or a cache would give those to a page that needs permission.
    const differsByOrigin = options.origins.length > 0;

    return {
      request(exchange) {
        const origin = exchange.header("origin");
        if (origin !== undefined && isPreflight(exchange)) return judgePreflight(exchange, origin);
        if (!changesState(exchange)) return PASS;
        if (origin === undefined ? isCrossSite(exchange) : !isAllowed(origin) && !isOwnNull(exchange, origin)) {
          return deny("origin-not-allowed", "a state-changing call from a foreign origin");
        }
        return PASS;
      },
      response(exchange) {
        const { headers, origin: maker } = exchange.response;
        if (maker === "upstream") headers.deleteWhere(isPermission);
        const origin = exchange.header("origin");
        const permitted = origin !== undefined && !isPreflight(exchange) && isAllowed(origin);
        if (differsByOrigin || permitted) headers.addToken("vary", "Origin");
        if (!permitted) return;
        headers.append("access-control-allow-origin", origin);
        headers.appendAll(permissions);
      },
    };
  },
});

/** A preflight (Fetch standard, section 4.8). The gateway has routed it by the method that it asks for. */
function isPreflight(exchange: Exchange): boolean {
  return exchange.method === "OPTIONS" && exchange.header("access-control-request-method") !== undefined;
}

function createPreflight(options: CorsOptions, route: RouteView, isAllowed: (origin: string) => boolean) {
  const methods = options.methods ?? route.methods;
  const allowedMethods = new Set(methods.includes("GET") ? [...methods, "HEAD"] : methods);
  const allowedHeaders = new Set(options.headers);
  const fixed = [
    ...["access-control-allow-methods", [...allowedMethods].join(", ")],
    ...["access-control-allow-headers", options.headers.join(", ")],
    ...["access-control-max-age", String(Math.floor(options.maxAge / 1000))],
    ...(options.credentials ? ["access-control-allow-credentials", "true"] : []),
    ...["vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"],
  ];

  return (exchange: Exchange, origin: string): Verdict => {
    if (!isAllowed(origin)) return deny("origin-not-allowed", "a preflight from a foreign origin");
    // A public page that reaches into a private network through its visitor's browser (Private Network Access).
    if (exchange.header("access-control-request-private-network") !== undefined) {
      return deny("origin-not-allowed", "a preflight for access to a private network");
    }
    if (!allowedMethods.has(exchange.header("access-control-request-method") ?? "")) {
      return deny("origin-not-allowed", "a preflight for a method that is not declared");
    }
    const wanted = exchange.header("access-control-request-headers")?.split(",") ?? [];
    if (!wanted.every((name) => allowedHeaders.has(name.trim().toLowerCase()) || name.trim() === "")) {
      return deny("origin-not-allowed", "a preflight for a request header that is not declared");
    }
    const headers = new HeaderList(["access-control-allow-origin", origin, ...fixed]);
    return {
      kind: "respond",
      reason: "a preflight from an allowed origin",
      response: { status: 204, headers, body: null, origin: "gateway" },
    };
  };
}

/** What an allowed origin's response carries beside its own name. */
function toPermissions({ credentials, expose }: CorsOptions): readonly string[] {
  return [
    ...["access-control-expose-headers", [...alwaysExposed, ...expose].join(", ")],
    ...(credentials ? ["access-control-allow-credentials", "true"] : []),
  ];
}

/** A WebSocket handshake is a GET that CORS does not cover: any page can open one with the visitor's cookies. */
function changesState(exchange: Exchange): boolean {
  const { method } = exchange;
  if (method === "GET") return exchange.header("upgrade") !== undefined;
  return method !== "HEAD" && method !== "OPTIONS";
}

/** A browser whose `Origin` was taken off on the way still says where the call came from, which no script can change. */
function isCrossSite(exchange: Exchange): boolean {
  const site = exchange.header("sec-fetch-site");
  return site !== undefined && site !== "same-origin" && site !== "none";
}

/**
 * A form on the site's own page under `Referrer-Policy: no-referrer` is sent with `Origin: null`. Sandboxed frames are
 * too, but the browser calls those cross-site.
 */
function isOwnNull(exchange: Exchange, origin: string): boolean {
  return origin === "null" && exchange.header("sec-fetch-site") === "same-origin";
}

function isPermission(name: string): boolean {
  return name.startsWith("access-control-");
}

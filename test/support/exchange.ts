/**
 * Fakes for guard tests.
 *
 * - `fakeExchange({ method, path, headers, body, principal, response, … })`: a complete `Exchange`; what is left out has a
 *   harmless default (an anonymous `GET /api/products/42` from 192.0.2.1, answered 200 by the upstream). Besides the
 *   contract it has `notes` (what the guard noted), `end()` (the response is finished) and `leave()` (the client is gone).
 * - `fakeEnv({ clock, limiter, route, site, … })`: a complete `GuardEnv`: naive limiter, everybody anonymous, no delay.
 * - `fakeClock(start?)`: `now()`, `sleep()`, and `await advance(ms)`; `settle()` lets pending promises run.
 * - `fakePrincipal({ subject, scopes, roles, claims })`: a proven principal.
 */
import type { Authenticator, GuardEnv } from "../../src/guards/contract/guard-env.ts";
import type { Body, GatewayResponse } from "../../src/lib/gateway-response.ts";
import type {
  Client,
  Exchange,
  Note,
  Principal,
  RequestBody,
  RouteView,
  UpstreamRequest,
} from "../../src/guards/contract/exchange.ts";
import { anonymous } from "../../src/guards/contract/exchange.ts";
import { noSecrets } from "../../src/guards/contract/guard-env.ts";
import { HeadgateError } from "../../src/lib/error.ts";
import { HeaderList } from "../../src/lib/header-list.ts";
import { loadGraphql } from "../../src/policy/graphql-parser.ts";
import { createBodyDecoder } from "../../src/upstream/body-decoder.ts";
import { fakeClock } from "./clock.ts";
import { naiveLimiter } from "./naive-limiter.ts";

export { fakeClock, settle } from "./clock.ts";
export { naiveLimiter } from "./naive-limiter.ts";

/** What a test says about the exchange; everything is optional. */
export interface FakeExchangeInit {
  readonly id?: string;
  readonly startedAt?: number;
  readonly method?: string;
  readonly path?: string;
  readonly query?: readonly (readonly [name: string, value: string])[];
  readonly claimedQuery?: readonly (readonly [name: string, value: string])[];
  readonly params?: Readonly<Record<string, string>>;
  readonly client?: Client;
  readonly route?: RouteView;
  /** Request headers by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The request body as the gateway would deliver it, or a body of the test's own. */
  readonly body?: string | Uint8Array | RequestBody;
  readonly upstreamRequest?: Partial<UpstreamRequest>;
  readonly principal?: Principal;
  readonly response?: FakeResponseInit;
  readonly parsedBody?: unknown;
}

/** What a test says about the response; headers as a record, or flat where a name repeats. */
export interface FakeResponseInit {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>> | readonly string[];
  readonly body?: Body | string;
  readonly origin?: GatewayResponse["origin"];
}

/** An exchange that remembers what was done to it and ends when the test says so. */
export interface FakeExchange extends Exchange {
  readonly notes: readonly Note[];
  /** Runs what the guard asked to run at the end, once. */
  end(): void;
  /** The client goes away: `abort` fires, then the exchange ends. */
  leave(): void;
}

/** The route that fakes stand on unless the test names another. */
export const fakeRoute: RouteView = {
  id: "GET /api/products/:id",
  pattern: "/api/products/:id",
  methods: ["GET"],
  page: false,
  files: false,
};

/** Makes an exchange out of what matters to the test. */
export function fakeExchange(init: FakeExchangeInit = {}): FakeExchange {
  const headers = init.headers ?? {};
  const notes: Note[] = [];
  const departure = new AbortController();
  let endings: (() => void)[] = [];
  const method = init.method ?? "GET";
  const path = init.path ?? "/api/products/42";

  function end(): void {
    const due = endings;
    endings = [];
    for (const callback of due) callback();
  }

  return {
    id: init.id ?? "0b9f3a52-6c1d-4f7e-9a38-2d5e71c4b860",
    startedAt: init.startedAt ?? Date.UTC(2026, 0, 1),
    method,
    path,
    query: init.query ?? [],
    claimedQuery: init.claimedQuery ?? [],
    params: init.params ?? {},
    client: init.client ?? { address: "192.0.2.1", key: "192.0.2.1" },
    route: init.route ?? fakeRoute,
    header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined),
    body: toRequestBody(init.body),
    upstreamRequest: {
      method,
      path,
      query: new URLSearchParams(
        [...(init.query ?? []), ...(init.claimedQuery ?? [])].map(([name, value]): [string, string] => [name, value]),
      ).toString(),
      headers: new HeaderList(Object.entries(headers).flat()),
      body: undefined,
      ...init.upstreamRequest,
    },
    principal: init.principal ?? anonymous,
    response: toResponse(init.response ?? {}),
    parsedBody: init.parsedBody,
    note: (note) => void notes.push(note),
    onEnd: (callback) => void endings.push(callback),
    abort: departure.signal,
    notes,
    end,
    leave() {
      departure.abort(new Error("the client went away"));
      end();
    },
  };
}

/** Makes a guard's environment out of what matters to the test. */
export function fakeEnv(partial: Partial<GuardEnv> = {}): GuardEnv {
  const clock = partial.clock ?? fakeClock();
  return {
    clock,
    limiter: naiveLimiter(clock),
    identity: nobodyKnown,
    route: fakeRoute,
    declaredOn: "route",
    site: "https://shop.example",
    reports: undefined,
    eventLoopDelay: () => 0,
    random: (length) => new Uint8Array(length).fill(7),
    file: (path) => {
      throw new Error(`the file "${path}" cannot be read (ENOENT)`);
    },
    sanitizer: naiveSanitizer,
    secrets: noSecrets,
    decoder: createBodyDecoder,
    mode: "enforce",
    protocol: "http",
    graphql: loadGraphql,
    ...partial,
  };
}

/** What a test says about a proven caller. */
export interface FakePrincipalInit {
  readonly issuer?: string;
  readonly subject?: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A principal proven by a token; `sub` and `iss` stand among its claims as they do in a real one. */
export function fakePrincipal(init: FakePrincipalInit = {}): Principal {
  const { issuer = "https://id.example", subject = "alice", scopes = [], roles = [], claims = {} } = init;
  return {
    kind: "token",
    issuer,
    subject,
    scopes: new Set(scopes),
    roles: new Set(roles),
    claims: { iss: issuer, sub: subject, ...claims },
  };
}

/** Takes scripts and listeners out of what a test sends it. */
const naiveSanitizer: GuardEnv["sanitizer"] = {
  prepare: () => ({ clean: (html) => html.replace(/<script[^]*?<\/script>|<[^>]*\bon\w+=[^>]*>/gi, "") }),
};

const nobodyKnown: Authenticator = { authenticate: () => anonymous, challenge: "Bearer" };

function toRequestBody(body: FakeExchangeInit["body"]): RequestBody {
  if (typeof body === "object" && !(body instanceof Uint8Array)) return body;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  let most = Number.POSITIVE_INFINITY;
  return {
    present: bytes !== undefined,
    declaredLength: bytes?.byteLength,
    limit: (maxBytes) => void (most = maxBytes),
    read: async () => bytesWithin(most),
    async *stream() {
      yield bytesWithin(most);
    },
  };

  function bytesWithin(maxBytes: number): Uint8Array {
    if (bytes && bytes.byteLength > maxBytes) throw new HeadgateError("body-too-large", `more than ${maxBytes} bytes`);
    return bytes ?? new Uint8Array();
  }
}

function toResponse({
  status = 200,
  headers = {},
  body = null,
  origin = "upstream",
}: FakeResponseInit): GatewayResponse {
  const flat = Array.isArray(headers) ? [...headers] : Object.entries(headers).flat();
  return {
    status,
    headers: new HeaderList(flat),
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
    origin,
  };
}

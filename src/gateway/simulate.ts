import { randomUUID } from "node:crypto";
import type { Authenticator } from "../guards/contract/guard-env.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import type { Principal, RequestBody, UpstreamRequest } from "../guards/contract/exchange.ts";
import { anonymous } from "../guards/contract/exchange.ts";
import { noSecrets } from "../guards/contract/guard-env.ts";
import type { Clock } from "../lib/clock.ts";
import { HeadgateError } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { limitKey } from "../lib/ip.ts";
import type { Limiter } from "../lib/limit.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { loadGraphql } from "../policy/graphql-parser.ts";
import { isOwnUpstream } from "../policy/own-routes.ts";
import { createOfflineSanitizer } from "../sanitize/offline.ts";
import { createMemoryLimiter } from "../state/memory.ts";
import { createBodyDecoder } from "../upstream/body-decoder.ts";
import type { GatewayExchange } from "./exchange.ts";
import { createGateway } from "./gateway.ts";
import type { Incoming } from "./incoming.ts";
import { createPlan, type Plan, type RoutePlan } from "./plan.ts";

/** A request to try on a policy, offline. */
export interface SimulatedRequest {
  readonly method: string;
  /** Path and query as a client would send them. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A value is sent as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  readonly as?: Principal;
  /** The client's address. */
  readonly from?: string;
  /** What the upstream answers, if the request reaches it. */
  readonly upstream?: {
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
}

/** What one guard said, in the order in which the guards were asked. */
export interface TraceStep {
  readonly guard: string;
  readonly stage: string;
  readonly half: "request" | "response";
  readonly verdict: "pass" | "deny" | "respond" | "would-deny";
  readonly reason: string | undefined;
}

/** What the policy made of a simulated request. */
export interface Simulation {
  readonly exchange: GatewayExchange;
  /** The matched route, or undefined. */
  readonly route: RoutePlan | undefined;
  readonly trace: readonly TraceStep[];
  /** What would have gone upstream; undefined when nothing would. */
  readonly sent: UpstreamRequest | undefined;
  readonly response: GatewayResponse;
}

/** Keeps what a simulation counts, so that a row of requests meets the limits as real ones would. */
export interface SimulationEnv {
  readonly clock: Clock;
  readonly limiter: Limiter;
}

const encoder = new TextEncoder();

/** Time and counters for a simulation of its own. */
export function createSimulationEnv(clock: Clock = { now: Date.now, sleep: () => Promise.resolve() }): SimulationEnv {
  return { clock, limiter: createMemoryLimiter({ clock, ceiling: 1024 }) };
}

/** Sends a request through a policy's own flow, with a given caller and a made-up upstream: no network, no secrets. */
export async function simulateExchange(
  policy: CompiledPolicy,
  request: SimulatedRequest,
  env: SimulationEnv = createSimulationEnv(),
): Promise<Simulation> {
  const trace: TraceStep[] = [];
  let sent: UpstreamRequest | undefined;
  const plan = createPlan(policy, {
    ...env,
    identity: authenticatorFor(request.as ?? anonymous),
    eventLoopDelay: () => 0,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    // A simulation knows no secret, and starts no threads: what a policy declares to be cleaned is left out of it.
    sanitizer: createOfflineSanitizer(),
    secrets: noSecrets,
    decoder: createBodyDecoder,
    graphql: loadGraphql,
    upstream: (name) => ({
      name,
      circuit: "closed",
      close: () => Promise.resolve(),
      upgrade: () => Promise.reject(new HeadgateError("upstream-unreachable", "a simulation opens no connections")),
      send: (exchange) => {
        if (!isOwnUpstream(name)) sent = exchange.upstreamRequest;
        return Promise.resolve(answerOf(request.upstream));
      },
    }),
  });
  const gateway = createGateway(traced(plan, trace), env);
  const exchange = await gateway.handle(toIncoming(request, policy));
  exchange.end();
  const route = exchange.plan.upstream ? exchange.plan : undefined;
  return { exchange, route, trace, sent, response: exchange.response };
}

function authenticatorFor(principal: Principal): Authenticator {
  return { challenge: 'Bearer realm="headgate"', authenticate: () => principal };
}

/** The plan with every step writing down what it said. */
function traced(plan: Plan, trace: TraceStep[]): Plan {
  const wrap = (route: RoutePlan): RoutePlan => ({
    ...route,
    request: route.request.map((step) => ({
      ...step,
      run: async (exchange) => {
        const verdict = await step.run(exchange);
        trace.push(toTraceStep(step, "request", verdict));
        return verdict;
      },
    })),
    response: route.response.map((step) => ({
      ...step,
      run: async (exchange) => {
        const verdict = await step.run(exchange);
        trace.push(toTraceStep(step, "response", verdict ?? undefined));
        return verdict;
      },
    })),
  });
  return {
    ...plan,
    fallback: wrap(plan.fallback),
    router: {
      methodsFor: (segments) => plan.router.methodsFor(segments),
      match: (method, segments) => {
        const match = plan.router.match(method, segments);
        return match && { ...match, target: wrap(match.target) };
      },
    },
  };
}

function toTraceStep(
  step: { readonly guard: string; readonly stage: string; readonly reportOnly: boolean },
  half: TraceStep["half"],
  verdict: { readonly kind: "pass" | "deny" | "respond"; readonly reason?: string } | undefined,
): TraceStep {
  const kind = verdict?.kind ?? "pass";
  return {
    guard: step.guard,
    stage: step.stage,
    half,
    verdict: kind === "deny" && step.reportOnly ? "would-deny" : kind,
    reason: verdict?.reason,
  };
}

function toIncoming(request: SimulatedRequest, policy: CompiledPolicy): Incoming {
  const headers = new HeaderList(["host", policy.site.host]);
  for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name.toLowerCase(), value);
  const bytes = toBytes(request.body);
  if (bytes && typeof request.body !== "string" && !headers.has("content-type"))
    headers.set("content-type", "application/json");
  if (bytes) headers.set("content-length", String(bytes.length));
  const address = request.from ?? "192.0.2.1";
  return {
    method: request.method.toUpperCase(),
    target: request.target,
    headers,
    body: wholeBody(bytes),
    client: { address, key: limitKey(address) },
    secure: true,
    upgrade: headers.get("upgrade"),
    refusal: undefined,
  };
}

function wholeBody(bytes: Uint8Array | undefined): RequestBody {
  let max = Number.POSITIVE_INFINITY;
  const read = () => {
    const whole = bytes ?? new Uint8Array();
    if (whole.length > max)
      return Promise.reject(new HeadgateError("body-too-large", `the body has ${whole.length} bytes`));
    return Promise.resolve(whole);
  };
  return {
    present: bytes !== undefined,
    declaredLength: bytes?.length,
    limit: (maxBytes) => {
      max = maxBytes;
    },
    read,
    async *stream() {
      yield await read();
    },
  };
}

function toBytes(body: unknown): Uint8Array | undefined {
  if (body === undefined) return undefined;
  if (body instanceof Uint8Array) return body;
  return encoder.encode(typeof body === "string" ? body : JSON.stringify(body));
}

function answerOf(answer: SimulatedRequest["upstream"]): GatewayResponse {
  const headers = new HeaderList();
  for (const [name, value] of Object.entries(answer?.headers ?? {})) headers.set(name.toLowerCase(), value);
  const body = toBytes(answer?.body) ?? null;
  if (body && !headers.has("content-type")) headers.set("content-type", "application/json");
  return { status: answer?.status ?? (body ? 200 : 204), headers, body, origin: "upstream" };
}

/** A caller as the policy's `principals` or a test describes one. */
export function toPrincipal(caller: {
  readonly subject: string;
  readonly issuer?: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}): Principal {
  const { subject, issuer = "https://simulated.invalid", scopes = [], roles = [], claims = {} } = caller;
  return {
    kind: "token",
    issuer,
    subject,
    scopes: new Set(scopes),
    roles: new Set(roles),
    claims: { iss: issuer, sub: subject, scope: scopes.join(" "), jti: randomUUID(), ...claims },
  };
}

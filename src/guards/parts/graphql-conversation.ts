import { evaluateAccess } from "../../lib/evaluate-access.ts";
import type { AnswerJudge } from "../../lib/graphql/answer.ts";
import { type ClientMessage, readClientMessage, readServerMessage } from "../../lib/graphql/socket-messages.ts";
import type { GraphqlOptions } from "../../lib/graphql/option.ts";
import { toGraphqlError } from "../../lib/graphql/refusal.ts";
import { readGraphqlRequest } from "../../lib/graphql/request.ts";
import { createTokenBucket } from "../../lib/token-bucket.ts";
import { problemTypes, type ProblemId } from "../../problem.ts";
import { endOfSession, findExcepted } from "./graphql-caller.ts";
import type { JudgedOperations, OperationsJudge } from "./graphql-operations.ts";
import type { Exchange } from "../contract/exchange.ts";
import type { GuardEnv } from "../contract/guard-env.ts";
import type { Conversation, Wire } from "../contract/messages.ts";

/** What a conversation is judged by; the same for every one of a route. */
export interface ConversationRules {
  readonly options: GraphqlOptions;
  readonly env: GuardEnv;
  readonly operations: OperationsJudge;
  readonly answers: AnswerJudge;
  /** The payload that goes to the service for an operation that may run. */
  toSent(judged: Extract<JudgedOperations, { readonly operations: unknown }>): unknown;
}

/** Close codes of the protocol, with its own words; nothing of the connection is ever part of them. */
const closings = {
  badRequest: [4400, "Invalid message"],
  unauthorized: [4401, "Unauthorized"],
  forbidden: [4403, "Forbidden"],
  initTimeout: [4408, "Connection initialisation timeout"],
  alreadyExists: [4409, "Subscriber already exists"],
  tooManyInits: [4429, "Too many initialisation requests"],
  tooManyMessages: [4429, "Too many messages"],
  internal: [4500, "Internal server error"],
  // The usual client takes a code of its protocol for the last word, and tries again after these.
  unreachable: [1014, "Bad gateway"],
  idle: [1001, "Idle"],
} as const satisfies Record<string, readonly [code: number, words: string]>;

/** The longest id of an operation: ids are kept for as long as their operations run. */
const maxIdLength = 128;
/** Refusals of one connection that are told one by one; it may last for an hour. */
const maxNotes = 20;

/**
 * One connection of graphql-transport-ws, judged message by message: the first says who calls, and each `subscribe` is an
 * operation as by HTTP, with the same rules, limits and refusals. The service is not reached before the caller is known.
 */
export function createConversation(exchange: Exchange, wire: Wire, rules: ConversationRules): Conversation {
  const { options, env, operations, answers } = rules;
  const { subscriptions } = options;
  const running = new Set<string>();
  const bucket = createTokenBucket(subscriptions.messagesPerSecond, env.clock);
  const startedAt = env.clock.now();
  let phase: "opened" | "joining" | "ready" | "closed" = "opened";
  let endsAt = startedAt + subscriptions.maxLifetime;
  let lastMessageAt = startedAt;
  let excepted: ReadonlySet<string> = new Set();
  let notes = 0;

  function close(closing: keyof typeof closings, reason: string = closing): void {
    if (phase === "closed") return;
    phase = "closed";
    note("connection.closed", reason);
    const [code, words] = closings[closing];
    wire.close(code, words);
  }

  function note(event: string, reason: string): void {
    if ((notes += 1) <= maxNotes) exchange.note({ guard: "graphql", event, reason });
  }

  async function initialize(params: Readonly<Record<string, unknown>>): Promise<void> {
    if (phase !== "opened") return close("tooManyInits");
    phase = "joining";
    const said = params["authorization"] ?? params["Authorization"];
    if (said !== undefined && typeof said !== "string") return close("badRequest", "an authorization that is no text");
    if (said !== undefined) {
      const header = (name: string) => (name === "authorization" ? said : exchange.header(name));
      const principal = await env.identity.authenticate({ header });
      if ("problem" in principal) return close("unauthorized", principal.reason);
      exchange.principal = principal;
      exchange.upstreamRequest.headers.set("authorization", said);
    }
    const allowed = await evaluateAccess(subscriptions.connect ?? { kind: "anyone" }, exchange);
    if (!allowed.allowed && env.mode === "enforce")
      return close(allowed.problem === "unauthenticated" ? "unauthorized" : "forbidden", allowed.reason);
    endsAt = Math.min(endsAt, endOfSession(exchange, options));
    excepted = findExcepted(options, exchange);
    try {
      await wire.connect();
    } catch (error) {
      return close("unreachable", (error as Error).message);
    }
    const kept = subscriptions.connectionParams.filter((name) => Object.hasOwn(params, name));
    const payload = Object.fromEntries(kept.map((name) => [name, params[name]]));
    wire.toUpstream(JSON.stringify({ type: "connection_init", ...(kept.length > 0 && { payload }) }));
  }

  function subscribe({ id, payload }: Extract<ClientMessage, { type: "subscribe" }>): void | Promise<void> {
    if (phase !== "ready") return close("unauthorized", "a subscription before the connection was acknowledged");
    if (id.length > maxIdLength) return close("badRequest", "an id that is too long");
    if (running.has(id)) return close("alreadyExists");
    const request = readGraphqlRequest(payload);
    if (typeof request === "string") return close("badRequest", request);
    if (running.size >= subscriptions.operationsPerConnection) return refuse(id, "too-many-in-flight", "operations");
    running.add(id);
    const judged = operations.judge([request], exchange);
    const go = (late: JudgedOperations) => conclude(id, payload, late);
    return judged instanceof Promise ? judged.then(go) : go(judged);
  }

  function conclude(id: string, payload: unknown, judged: JudgedOperations): void {
    if ("operations" in judged) return send(id, env.mode === "enforce" ? rules.toSent(judged) : payload);
    const problem = judged.denial?.problem ?? "operation-not-permitted";
    const reason = judged.denial?.reason ?? "no document has that id";
    if (env.mode === "enforce") return refuse(id, problem, reason);
    note("operation.would-have-been-denied", reason);
    send(id, payload);
  }

  function send(id: string, payload: unknown): void {
    wire.toUpstream(JSON.stringify({ id, type: "subscribe", payload }));
  }

  function refuse(id: string, problem: ProblemId, reason: string): void {
    running.delete(id);
    note("operation.denied", `${problem}: ${reason}`);
    const { status } = problemTypes[problem];
    const payload = [toGraphqlError({ problem, status, requestId: exchange.id })];
    wire.toClient(JSON.stringify({ id, type: "error", payload }));
  }

  return {
    fromClient(text) {
      if (phase === "closed") return undefined;
      lastMessageAt = env.clock.now();
      if (!bucket.take()) return close("tooManyMessages");
      const message = readClientMessage(text, options.maxKeys);
      if (typeof message === "string") return close("badRequest", message);
      switch (message.type) {
        case "connection_init":
          return initialize(message.payload);
        case "subscribe":
          return subscribe(message);
        case "complete":
          if (running.delete(message.id)) wire.toUpstream(JSON.stringify({ id: message.id, type: "complete" }));
          return undefined;
        case "ping":
          return wire.toClient('{"type":"pong"}');
        case "pong":
          return undefined;
      }
    },
    fromUpstream(text) {
      if (phase === "closed") return;
      lastMessageAt = env.clock.now();
      const message = readServerMessage(text);
      if (typeof message === "string") return close("internal", `the service sent ${message}`);
      if (message.type === "ping") return wire.toUpstream('{"type":"pong"}');
      if (message.type === "pong") return undefined;
      if (message.type === "connection_ack") {
        if (phase !== "joining") return close("internal", "the service acknowledged twice");
        phase = "ready";
        return wire.toClient('{"type":"connection_ack"}');
      }
      const { id, type, payload } = message;
      // What was completed, or never begun, has nobody who waits for it.
      if (!running.has(id)) return undefined;
      if (type !== "next") running.delete(id);
      if (type === "complete") return wire.toClient(JSON.stringify({ id, type }));
      // An error is what an answer without data is.
      const isError = type === "error";
      const judged = answers(isError ? { errors: payload } : payload, exchange.principal, excepted);
      if (!judged) return close("internal", "the service sent no answer of GraphQL");
      const { errors } = judged.value as { readonly errors?: unknown };
      const late = isError ? errors : judged.value;
      return wire.toClient(JSON.stringify({ id, type, payload: env.mode === "enforce" ? late : payload }));
    },
    tick() {
      const now = env.clock.now();
      if (phase !== "ready" && now - startedAt >= subscriptions.initTimeout) return close("initTimeout");
      if (now >= endsAt) return close("forbidden", "the connection or its token has come to its end");
      if (now - lastMessageAt >= subscriptions.idleTimeout) return close("idle");
    },
    end() {
      phase = "closed";
      running.clear();
    },
  };
}

import { createAnswerJudge } from "../lib/graphql/answer.ts";
import { askOwners } from "../lib/graphql/ask-owners.ts";
import { acceptedMediaType, graphqlResponse, upstreamAccept } from "../lib/graphql/media.ts";
import type { JudgedOperation } from "../lib/graphql/operation-judge.ts";
import { type GraphqlOptions, graphqlOption } from "../lib/graphql/option.ts";
import { toGraphqlError } from "../lib/graphql/refusal.ts";
import { transportProtocol } from "../lib/graphql/socket-messages.ts";
import { HeaderList } from "../lib/header-list.ts";
import { serializePairs } from "../lib/pairs.ts";
import { type GraphqlCall, queryMembers, readGet, readPost } from "./parts/graphql-call.ts";
import { type ConversationRules, createConversation } from "./parts/graphql-conversation.ts";
import { createOperationsJudge, type JudgedOperations, type OperationsJudge } from "./parts/graphql-operations.ts";
import { type Answer, deny, PASS, type Verdict } from "./contract/verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";
import type { GuardEnv } from "./contract/guard-env.ts";
import type { MessageJudge } from "./contract/messages.ts";
import type { RefusalForm } from "./contract/refusal-form.ts";
import { writeBody } from "./parts/read-body.ts";

const encoder = new TextEncoder();

/**
 * Judges what GraphQL operations ask for, before the service sees them.
 *
 * One request of a few bytes can make a service work for minutes (depth, aliases, fragments within fragments, batches),
 * try a thousand passwords (aliases of `login`), change things for a page of another site (GET, forms), and read the whole
 * schema. OWASP API4; CWE-400, CWE-674, CWE-770, CWE-352. Each document is parsed once and counted as it would run, in
 * time linear in its length; what goes on is the request as it was judged, written out anew.
 */
export const graphql = defineGuard({
  name: "graphql",
  key: "graphql",
  summary: "Judges GraphQL operations: how they are sent, how much they ask for, who calls which field, and how often.",
  controls: ["api-graphql", "api-access", "api-rate-limit"],
  applies: "declared",
  options: graphqlOption,
  replaces: ["body"],
  stage: () => "content",
  describe,
  create(options, env) {
    if (env.declaredOn === "policy") throw new Error("graphql stands on the route of the endpoint, not at the top");
    const operations = createOperationsJudge(options, env);
    const claims = { headers: [], query: (name: string) => queryMembers.has(name), pageOf: undefined };
    if (env.protocol === "websocket") return { refusal, messages: createMessages(options, env, operations) };
    return {
      claims,
      refusal,
      request(exchange): Verdict | Promise<Verdict> {
        if (exchange.method !== "POST") {
          const call = readGet(exchange, options);
          return "kind" in call ? call : judge(exchange, call);
        }
        return readPost(exchange, options).then((call) => ("kind" in call ? call : judge(exchange, call)));
      },
    };

    function judge(exchange: Exchange, call: GraphqlCall): Verdict | Promise<Verdict> {
      const judged = operations.judge(call.requests, exchange);
      return judged instanceof Promise ? judged.then(conclude) : conclude(judged);

      function conclude(judged: JudgedOperations): Verdict {
        if (!("operations" in judged)) return judged.denial ?? askForDocument(exchange, call, options);
        const kind = judgeKinds(exchange, judged.operations, env);
        if (kind) return kind;
        const sent = judged.operations.map((operation) => toSent(operation, options, env));
        exchange.parsedBody = toParsed(call, judged.operations);
        if (env.mode === "enforce") send(exchange, call.isBatch ? sent : (sent[0] ?? {}), env);
        return PASS;
      }
    }
  },
});

/** Judges subscriptions: the handshake is a request like any other, and each message an operation like any other. */
function createMessages(options: GraphqlOptions, env: GuardEnv, operations: OperationsJudge): MessageJudge {
  const answers = createAnswerJudge(options);
  const toSentOf: ConversationRules["toSent"] = ({ operations: [only] }) => only && toSent(only, options, env);
  const { maxMessageBytes, maxEventBytes, connectionsPerClient } = options.subscriptions;
  return {
    subprotocol: transportProtocol,
    maxMessageBytes,
    maxEventBytes,
    connectionsPerClient,
    open: (exchange, wire) =>
      createConversation(exchange, wire, { options, env, operations, answers, toSent: toSentOf }),
  };
}

/** Writes refusals as GraphQL writes errors: a client that waits for `errors` finds the reason there. */
const refusal: RefusalForm = (refusal, exchange) => {
  const contentType = acceptedMediaType(exchange.header("accept"));
  if (contentType === undefined) return undefined;
  return { contentType: `${contentType}; charset=utf-8`, body: JSON.stringify({ errors: [toGraphqlError(refusal)] }) };
};

/** Mutations change something, which GET never may; subscriptions have no end, which calls have to have. */
function judgeKinds(
  exchange: Exchange,
  operations: readonly JudgedOperation[],
  { protocol }: GuardEnv,
): Verdict | undefined {
  const kinds = new Set(operations.map(({ operation }) => operation.type));
  if (exchange.method !== "POST" && kinds.has("mutation"))
    return deny("method-not-allowed", "a mutation by GET", { headers: ["allow", "POST"] });
  if (!kinds.has("subscription")) return undefined;
  const mayStream = protocol === "events" && exchange.header("accept")?.includes("text/event-stream") === true;
  if (mayStream && operations.length === 1) return undefined;
  return deny("operation-not-permitted", "a subscription where answers do not stream");
}

/** The members that go on; what a client says to the gateway alone, such as a hash, stays here. */
function toSent(
  { request, document }: JudgedOperation,
  { requestExtensions }: GraphqlOptions,
  { mode }: GuardEnv,
): Readonly<Record<string, unknown>> {
  const { operationName, variables, extensions } = request;
  const kept = requestExtensions.filter((name) => name !== "persistedQuery" && Object.hasOwn(extensions, name));
  return {
    query: mode === "enforce" ? askOwners(document) : document.text,
    ...(operationName !== undefined && { operationName }),
    ...(Object.keys(variables).length > 0 && { variables }),
    ...(kept.length > 0 && { extensions: Object.fromEntries(kept.map((name) => [name, extensions[name]])) }),
  };
}

function send(exchange: Exchange, sent: object, { protocol }: GuardEnv): void {
  const { upstreamRequest } = exchange;
  upstreamRequest.headers.set("accept", upstreamAccept(exchange.header("accept"), protocol === "events"));
  if (exchange.method === "POST") {
    writeBody(exchange, encoder.encode(JSON.stringify(sent)));
    upstreamRequest.headers.set("content-type", "application/json");
    return;
  }
  const members = Object.entries(sent).map(([name, value]): readonly [string, string] => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  upstreamRequest.query = serializePairs([...exchange.query, ...members]);
}

/**
 * The request as later guards see it: variables, and in place of the document the texts that it writes out. Its grammar
 * is judged; what it pastes into a statement may still be an attack on whatever is behind.
 */
function toParsed({ isBatch }: GraphqlCall, operations: readonly JudgedOperation[]): unknown {
  const parsed = operations.map(({ request, document }) => ({ variables: request.variables, texts: document.texts }));
  return isBatch ? parsed : parsed[0];
}

/**
 * What clients of automatic persisted queries wait for: they send the document next. It is an answer of the protocol, and
 * no refusal. One that comes to a gateway without a manifest is told so, and never asks again.
 */
function askForDocument(exchange: Exchange, { isBatch }: GraphqlCall, options: GraphqlOptions): Answer | Verdict {
  const accepted = acceptedMediaType(exchange.header("accept"));
  if (isBatch || accepted === undefined) return deny("operation-not-permitted", "no document has that id");
  const [message, code] = options.persisted
    ? ["PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"]
    : ["PersistedQueryNotSupported", "PERSISTED_QUERY_NOT_SUPPORTED"];
  const body = encoder.encode(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
  const headers = new HeaderList(["content-type", `${accepted}; charset=utf-8`, "cache-control", "no-store"]);
  return {
    kind: "respond",
    reason: "no document has that id",
    response: { status: accepted === graphqlResponse ? 400 : 200, headers, body, origin: "gateway" },
  };
}

function describe({ depth, cost, access, persisted, introspection }: GraphqlOptions): string {
  const parts = [
    persisted?.trusted === "only" ? "only persisted operations" : `operations of depth ${depth} and cost ${cost}`,
    ...(access ? [`${Object.keys(access).length} rules for fields`] : []),
    ...(introspection === false ? ["no introspection"] : []),
  ];
  return parts.join(", ");
}

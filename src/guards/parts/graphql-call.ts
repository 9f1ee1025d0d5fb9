import { parseJson } from "../../lib/json.ts";
import type { GraphqlOptions } from "../../lib/graphql/option.ts";
import { type GraphqlRequest, readGraphqlRequest } from "../../lib/graphql/request.ts";
import { isUtf8, parseMediaType } from "../../lib/media-type.ts";
import { type Denial, deny } from "../contract/verdict.ts";
import type { Exchange } from "../contract/exchange.ts";
import { readBody } from "./read-body.ts";

/** The requests of one call; `isBatch` says whether they came as a list, since the answer has to be one, too. */
export interface GraphqlCall {
  readonly requests: readonly GraphqlRequest[];
  readonly isBatch: boolean;
}

const encoder = new TextEncoder();
const maxDepth = 64;

/** Keys of a query that are members of a request; the route's query guard does not see them. */
export const queryMembers: ReadonlySet<string> = new Set([
  "query",
  "operationName",
  "variables",
  "extensions",
  "documentId",
  "id",
]);
const jsonMembers: ReadonlySet<string> = new Set(["variables", "extensions"]);

/**
 * Reads a call by POST. JSON only: forms and plain text are what pages of other sites can send without being asked
 * (CSRF), and a body without a type is what some servers guess at.
 */
export async function readPost(exchange: Exchange, options: GraphqlOptions): Promise<GraphqlCall | Denial> {
  // Some servers read members of the query before those of the body: then another operation would run than was judged.
  if (exchange.claimedQuery.length > 0)
    return deny("invalid-query", "members of a request stand in a query beside a body");
  exchange.body.limit(options.maxBytes);
  const mediaType = parseMediaType(exchange.header("content-type") ?? "");
  if (mediaType?.essence !== "application/json" || !isUtf8(mediaType))
    return deny("unsupported-media-type", "operations come as JSON in UTF-8");
  if (!exchange.body.present) return deny("malformed-body", "the request has no body");
  const bytes = await readBody(exchange);
  if (!(bytes instanceof Uint8Array)) return bytes;
  const parsed = parseJson(bytes, { maxDepth, maxKeys: options.maxKeys });
  if (parsed.malformed !== undefined) return deny("malformed-body", `the JSON body has ${parsed.malformed}`);
  const isBatch = Array.isArray(parsed.value);
  const values: readonly unknown[] = Array.isArray(parsed.value) ? parsed.value : [parsed.value];
  if (isBatch && (options.batch === 1 || values.length > options.batch))
    return deny("operation-too-large", `the call is a batch of ${values.length}`);
  if (values.length === 0) return deny("malformed-body", "the call is a batch of nothing");
  const requests: GraphqlRequest[] = [];
  for (const value of values) {
    const request = readGraphqlRequest(value);
    if (typeof request === "string") return deny("malformed-body", `the call has ${request}`);
    requests.push(request);
  }
  return { requests, isBatch };
}

/** Reads a call by GET (GraphQL over HTTP, section 6.2), where the policy takes it. */
export function readGet(exchange: Exchange, options: GraphqlOptions): GraphqlCall | Denial {
  const headers = ["allow", options.get ? "GET, POST" : "POST"];
  if (!options.get || exchange.method !== "GET")
    return deny("method-not-allowed", "operations come by POST", { headers });
  if (exchange.body.present) return deny("malformed-request", "a GET has no body");
  const members: Record<string, unknown> = {};
  for (const [name, text] of exchange.claimedQuery) {
    if (Object.hasOwn(members, name)) return deny("invalid-query", "a member of the request is given twice");
    if (!jsonMembers.has(name)) members[name] = text;
    else {
      const parsed = parseJson(encoder.encode(text), { maxDepth, maxKeys: options.maxKeys });
      if (parsed.malformed !== undefined) return deny("invalid-query", `a member has ${parsed.malformed}`);
      members[name] = parsed.value;
    }
  }
  const request = readGraphqlRequest(members);
  return typeof request === "string"
    ? deny("invalid-query", `the call has ${request}`)
    : { requests: [request], isBatch: false };
}

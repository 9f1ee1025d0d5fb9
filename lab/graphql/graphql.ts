import type { IncomingMessage } from "node:http";
import { GraphQLError } from "graphql";
import { createSchema, createYoga, type Plugin } from "graphql-yoga";
import type { Database } from "../data/rows.ts";
import { readCaller } from "../http/caller.ts";
import { applyCors } from "../http/cors.ts";
import { type Address, listen, type Listening } from "../http/serve.ts";
import { type GraphContext, resolvers } from "./resolvers.ts";
import { typeDefs } from "./schema.ts";

type OnRequestPayload = Parameters<NonNullable<Plugin["onRequest"]>>[0];
type ServerContext = { readonly req: IncomingMessage };

/**
 * Starts the GraphQL API.
 *
 * api-graphql: introspection, suggestions and the IDE are on, and nothing bounds depth, aliases, directives, tokens or
 * cost; 1,000 operations fit in one batch; queries and mutations run by GET, without a preflight.
 */
export function startGraphql(address: Address, database: Database): Promise<Listening> {
  const yoga = createYoga<ServerContext, GraphContext>({
    schema: createSchema<ServerContext & GraphContext>({ typeDefs, resolvers }),
    plugins: [{ onRequest: allowMutationByGet }],
    context: ({ req }) => ({ database, caller: readCaller(req) }),
    graphiql: { title: "Shop lab" },
    batching: { limit: 1000 },
    maskedErrors: { maskError: showError },
    cors: false,
    logging: false,
  });
  return listen(address, async (request, response) => {
    response.setHeader("server", "ShopGraph/0.9.2");
    response.setHeader("x-powered-by", "Express 4.16.0");
    applyCors(request, response);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    await yoga(request, response);
  });
}

/** api-error-leak: the message of the database, the stack and the paths, for every caller. */
function showError(error: unknown): Error {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const { message, stack } = cause instanceof Error ? cause : new Error(String(cause));
  const place = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
  return new GraphQLError(message, { ...place, extensions: { stacktrace: stack?.split("\n"), node: process.version } });
}

/** api-graphql: an old client sends everything by GET, so the library's refusal of mutations by GET was worked around. */
function allowMutationByGet({ request, url, fetchAPI, setRequest }: OnRequestPayload): void {
  const query = url.searchParams.get("query");
  if (request.method !== "GET" || query === null || request.headers.get("accept")?.includes("text/html")) return;
  const variables: unknown = JSON.parse(url.searchParams.get("variables") ?? "{}");
  const headers = { "content-type": "application/json", accept: "application/json" };
  setRequest(new fetchAPI.Request(url.href, { method: "POST", headers, body: JSON.stringify({ query, variables }) }));
}

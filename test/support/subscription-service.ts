/** A GraphQL service with a subscription, over graphql-transport-ws and as distinct connections of server-sent events. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { useServer } from "graphql-ws/use/ws";
import { createSchema, createYoga } from "graphql-yoga";
import { onTestFinished } from "vitest";
import { WebSocketServer } from "ws";

/** What the service saw of those who came. */
export interface SubscriptionService {
  readonly url: string;
  /** Headers of every handshake. */
  readonly handshakes: readonly IncomingMessage["headers"][];
  /** Payloads of every first message. */
  readonly params: readonly unknown[];
  /** How many generators of events are at work. */
  running(): number;
}

const typeDefs = /* GraphQL */ `
  type Query {
    price: Int
    broken: Int
  }
  type Mutation {
    raise(by: Int): Int
  }
  type Subscription {
    ticks(count: Int = 2, delay: Int = 1): Int
    failing: Int
    flood: String
  }
`;

/** Starts it on a free port; it stops with the test. */
export async function startSubscriptionService(): Promise<SubscriptionService> {
  let running = 0;
  async function* counted<Value>(values: AsyncIterable<Value>): AsyncGenerator<Value> {
    running += 1;
    try {
      yield* values;
    } finally {
      running -= 1;
    }
  }
  async function* tick({ count, delay }: { readonly count: number; readonly delay: number }) {
    for (let n = 1; n <= count; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      yield { ticks: n };
    }
  }
  async function* fail() {
    yield { failing: 1 };
    throw new Error("connect ECONNREFUSED db-7.shop.internal:5432");
  }
  async function* pour() {
    for (let n = 0; n < 2000; n += 1) yield { flood: "x".repeat(10_000) };
  }
  const schema = createSchema({
    typeDefs,
    resolvers: {
      Query: {
        price: () => 7,
        broken: () => {
          throw new Error("select * from prices failed");
        },
      },
      Mutation: { raise: (_: unknown, { by }: { readonly by: number }) => 7 + by },
      Subscription: {
        ticks: {
          subscribe: (_: unknown, args: { readonly count: number; readonly delay: number }) => counted(tick(args)),
        },
        failing: { subscribe: () => counted(fail()) },
        flood: { subscribe: () => counted(pour()) },
      },
    },
  });
  const yoga = createYoga({ schema, graphiql: false, logging: false, maskedErrors: false });
  const server = createServer((request, response) => void yoga(request, response));
  const handshakes: IncomingMessage["headers"][] = [];
  const params: unknown[] = [];
  const sockets = new WebSocketServer({ server, path: "/graphql" });
  sockets.on("connection", (_, request) => handshakes.push(request.headers));
  const closing = useServer(
    { schema, onConnect: ({ connectionParams }) => void params.push(connectionParams) },
    sockets,
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    await closing.dispose();
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, handshakes, params, running: () => running };
}

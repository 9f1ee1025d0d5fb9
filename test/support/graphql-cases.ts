/** A schema, a manifest and requests, for tests of the guard `graphql`. */
import type { GuardEnv } from "../../src/guards/contract/guard-env.ts";
import type { FakeExchangeInit } from "./exchange.ts";

const sdl = `
  type Query { me: User user(id: ID!, by: Key): User users: [User!]! node(id: ID!): Node order(id: ID!): Order search(first: Int): [Found!]! default(id: ID = "bob"): User }
  type Mutation { login(name: String, password: String): User rename(input: Rename!): User }
  input Rename { id: ID! name: String } input Key { id: ID }
  interface Node { id: ID! secret: String }
  type User implements Node { id: ID! email: String secret: String orders: [Order!]! }
  type Order implements Node { id: ID! customerId: ID! total: Int secret: String }
  union Found = User | Order
`;
const manifest = JSON.stringify({
  format: "apollo-persisted-query-manifest",
  version: 1,
  operations: [
    { id: "abc123", name: "Deep", type: "query", body: "query Deep($n:Int){a{b{c{d(first:$n){e}}}}}" },
    { id: "sha256:def456", name: "Login", type: "mutation", body: "mutation Login{login}" },
  ],
});
export const files: Partial<GuardEnv> = {
  file: (path) => {
    if (path === "schema.graphql") return sdl;
    if (path === "persisted.json") return manifest;
    throw new Error(`the file "${path}" cannot be read (ENOENT)`);
  },
};

export const json = { "content-type": "application/json" };
export function post(request: unknown, more: FakeExchangeInit = {}): FakeExchangeInit {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  return { method: "POST", body, ...more, headers: { ...json, ...more.headers } };
}
export const ask = (query: string, more: FakeExchangeInit = {}, members: object = {}) =>
  post({ query, ...members }, more);
export const get = (query: string): FakeExchangeInit => ({ method: "GET", claimedQuery: [["query", query]] });

/** Policies that the guard `graphql` cannot keep. */
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { anyone, owner } from "../lib/access.ts";
import { fakeEnv } from "../../test/support/exchange.ts";
import { files } from "../../test/support/graphql-cases.ts";
import { graphql } from "./graphql.ts";
import type { GuardEnv } from "./contract/guard-env.ts";

type Options = z.input<typeof graphql.options>;

const withSchema = (options: Options): Options => ({ schema: "schema.graphql", ...options });

describe("a policy that cannot be kept is refused", () => {
  const create =
    (options: Options, env: Partial<GuardEnv> = files) =>
    () =>
      void graphql.create(graphql.options.parse(options), fakeEnv(env));

  for (const [name, options, message] of [
    [
      "a rule below the root without a schema",
      { access: { "User.email": anyone() } },
      /"User.email" is about a type below the root/,
    ],
    [
      "a type that does not exist",
      withSchema({ access: { "Usr.email": anyone() } }),
      /names a type that the schema does not have: did you mean "User"\?/,
    ],
    [
      "a field that does not exist",
      withSchema({ access: { "User.mail": anyone() } }),
      /names a field that the schema does not have: did you mean "email"\?/,
    ],
    [
      "an argument that does not exist",
      withSchema({ access: { "Query.user": owner("userId") } }),
      /compares the argument "userId", which the field does not have/,
    ],
    [
      "the owner of a whole type",
      withSchema({ access: { "Query.*": owner("id") } }),
      /compares the argument "id", which the field does not have/,
    ],
    ["an owner in a query", withSchema({ access: { "Query.user": owner({ query: "id" }) } }), /asks for a query key/],
    ["owners without a schema", { owners: { Order: "customerId" } }, /owners.Order needs the schema/],
    ["an owner that is no value", withSchema({ owners: { User: "orders" } }), /no single value/],
    ["the owner of an interface", withSchema({ owners: { Node: "id" } }), /owners.Node is no object type/],
    [
      "a limit of a field that does not exist",
      withSchema({ limits: [{ field: "Mutation.logn", rate: "5/min" }] }),
      /did you mean "login"/,
    ],
    [
      "a limit by a name that anybody can change",
      { limits: [{ operation: "Login", rate: "5/min" }] },
      /anybody can rename theirs/,
    ],
    ["a schema that is not there", { schema: "missing.graphql" }, /"missing.graphql" cannot be read/],
    [
      "a manifest that is not there",
      { persisted: { manifest: "missing.json", trusted: "only" } },
      /"missing.json" cannot be read/,
    ],
  ] as const satisfies readonly (readonly [string, Options, RegExp])[]) {
    test(name, () => expect(create(options)).toThrow(message));
  }

  test("at the top, for every route", () =>
    expect(create({}, { declaredOn: "policy" })).toThrow(/stands on the route/));

  test("without the package", () => {
    const graphql = () => {
      throw new Error('the package "graphql" is not installed: npm install graphql@^17 (or ^16.11)');
    };
    expect(create({}, { graphql })).toThrow(/npm install graphql/);
  });

  test("a schema that is none, and a manifest that is none", () => {
    expect(create({ schema: "x" }, { file: () => "type {" })).toThrow(/"x" is not valid SDL/);
    expect(create({ persisted: { manifest: "x", trusted: "only" } }, { file: () => "{}" })).toThrow(/is empty/);
    expect(create({ persisted: { manifest: "x", trusted: "only" } }, { file: () => "[1]" })).toThrow(/another form/);
  });
});

import { cite } from "./control-reference.ts";
import { defineControl } from "./control.ts";

export const apiGraphql = defineControl({
  id: "api-graphql",
  area: "api",
  title:
    "In production a GraphQL endpoint bounds what one operation may cost and tells strangers nothing about its " +
    "schema.",
  why:
    "A single nested, aliased or batched query can ask for millions of records, so a rate limit that counts " +
    "requests sees one call while the database goes down. Introspection, and suggestions in error messages after " +
    "it is switched off, hand over the map of every field worth attacking.",
  remediation:
    "Set `graphql` on the route with a `depth` and a `cost`, so that the gateway judges each operation before the " +
    "backend runs it. Without Headgate, limit depth, aliases, batch size and computed cost in the server, count " +
    "through fragments, switch off introspection and field suggestions, accept JSON bodies by POST only, and " +
    "prefer a list of persisted operations.",
  severity: "high",
  proof: "automatic",
  references: cite(
    "API4:2023",
    "API8:2023",
    "API9:2023",
    "V4.3.1",
    "V4.3.2",
    "V13.4.5",
    "CWE-200",
    "CWE-352",
    "CWE-400",
    "CWE-674",
    "CWE-770",
    "WSTG-APIT-99",
    "GraphQL_Cheat_Sheet",
  ),
});

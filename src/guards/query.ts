import { z } from "zod";
import { serializePairs } from "../lib/pairs.ts";
import { compileSchema, schemaOption } from "../lib/schema.ts";
import { memberOf } from "../lib/schema-graph.ts";
import { toMembers, toPairs } from "../lib/text-members.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

const detailed = z.strictObject({
  schema: schemaOption,
  undeclared: z
    .enum(["refuse", "drop"])
    .default("refuse")
    .meta({ description: "What happens to keys that the schema does not declare." }),
});

const options = z
  .union([z.literal("none"), z.literal("any"), detailed, schemaOption])
  .default("none")
  .meta({
    description: "The schema of the query; `none` takes no query at all, `any` passes every query on unjudged.",
  });

/**
 * Judges the query. Keys of a CMS's query language (`populate`, `filters`, `status`, `_embed`) are how drafts and other
 * people's fields are asked for, so a route takes the keys that it declares and no others.
 */
export const query = defineGuard({
  name: "query",
  key: "query",
  summary: "Judges the query by a schema and refuses keys that are not declared.",
  controls: ["api-input", "api-access"],
  applies: "always",
  options,
  stage: () => "parameters",
  describe: (declared) =>
    declared === "none" ? "no query" : declared === "any" ? "any query, unjudged" : "the query fits its schema",
  create(declared) {
    if (declared === "any") return {};
    if (declared === "none") return { request: refuseAny };
    const { schema: source, undeclared } = readDetails(declared);
    const schema = compileSchema(source, { unknownKeys: "refuse" });
    return {
      request(exchange): Verdict {
        const pairs =
          undeclared === "drop"
            ? exchange.query.filter(([name]) => memberOf(schema.graph, name).length > 0)
            : exchange.query;
        const members = toMembers(pairs, schema);
        const judged = members.ok ? schema.parse({ ...members.value }) : members;
        if (!judged.ok) return deny("invalid-query", "the query does not fit its schema", { fields: judged.fields });
        const rewritten = toPairs(judged.value, pairs) ?? (pairs.length < exchange.query.length ? pairs : undefined);
        if (rewritten) exchange.upstreamRequest.query = serializePairs(rewritten);
        return PASS;
      },
    };
  },
});

function refuseAny(exchange: Exchange): Verdict {
  return exchange.query.length === 0 ? PASS : deny("invalid-query", "the route declares no query");
}

function readDetails(declared: Exclude<z.output<typeof options>, "none" | "any">): z.output<typeof detailed> {
  return "undeclared" in declared ? declared : { schema: declared, undeclared: "refuse" };
}

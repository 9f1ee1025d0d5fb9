import { layersOf } from "../lib/schema-graph.ts";
import { compileSchema, schemaOption } from "../lib/schema.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS } from "./contract/verdict.ts";

/**
 * Judges declared request headers and passes them on. A header that no route declares, and that is not among the usual
 * ones, never reaches an upstream at all.
 */
export const requestHeaders = defineGuard({
  name: "request-headers",
  key: "headers",
  summary: "Judges declared request headers by a schema and passes them on.",
  controls: ["api-input"],
  applies: "declared",
  options: schemaOption.meta({
    description: "The schema of request headers that the route reads, by lower-case name.",
  }),
  stage: () => "parameters",
  describe: () => "declared request headers fit their schema",
  create(source) {
    const schema = compileSchema(source, { unknownKeys: "strip" });
    const names = [...layersOf(schema.graph)].flatMap(({ properties }) => [...properties.keys()]);
    return {
      request(exchange) {
        const given = names.flatMap((name) => {
          const value = exchange.header(name);
          return value === undefined ? [] : [[name, value] as const];
        });
        const judged = schema.parse(Object.fromEntries(given));
        if (!judged.ok) {
          return deny("invalid-headers", "a request header does not fit its schema", { fields: judged.fields });
        }
        for (const [name, value] of given) exchange.upstreamRequest.headers.set(name, value);
        return PASS;
      },
    };
  },
});

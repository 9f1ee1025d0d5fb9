import { compileSchema, schemaOption } from "../lib/schema.ts";
import { defineGuard } from "./guard.ts";
import { deny, PASS } from "./contract/verdict.ts";

/** Judges path parameters before anything is asked of an upstream: an id that is none never reaches its database. */
export const params = defineGuard({
  name: "params",
  key: "params",
  summary: "Judges the path's parameters by a schema.",
  controls: ["api-input"],
  applies: "declared",
  options: schemaOption.meta({ description: "The schema of the path's parameters, an object of texts." }),
  stage: () => "parameters",
  describe: () => "the path's parameters fit their schema",
  create(source) {
    const schema = compileSchema(source, { unknownKeys: "refuse" });
    return {
      request(exchange) {
        const judged = schema.parse({ ...exchange.params });
        return judged.ok
          ? PASS
          : deny("invalid-path", "a path parameter does not fit its schema", { fields: judged.fields });
      },
    };
  },
});

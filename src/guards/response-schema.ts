import { dropBody } from "../lib/drop-body.ts";
import { readResponseJson, type ResponseJson, writeResponseJson } from "../lib/response-json.ts";
import { readResponseOption, responseOption } from "../lib/response-option.ts";
import { type CompiledSchema, compileSchema } from "../lib/schema.ts";
import { problemForStatus } from "../problem.ts";
import { defineGuard } from "./guard.ts";
import { deny, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/**
 * Lets out what the route's schema declares and nothing else: columns that a backend adds next year, internal prices,
 * other people's fields. An answer that does not fit is refused, since nobody can say what it is.
 */
export const responseSchema = defineGuard({
  name: "response-schema",
  key: "response",
  summary: "Takes out of the answer what its schema does not declare, and refuses answers that do not fit.",
  controls: ["api-access", "api-error-leak"],
  applies: "declared",
  options: responseOption,
  stage: () => "content",
  describe: (option) =>
    readResponseOption(option).undeclared === "strip"
      ? "undeclared members of the answer are taken out"
      : "an answer with undeclared members is refused",
  create(option) {
    const { schema, undeclared, errors, maxBytes } = readResponseOption(option);
    const good = compileSchema(schema, { unknownKeys: undeclared });
    const bad = errors && compileSchema(errors, { unknownKeys: "strip" });
    return {
      response(exchange) {
        const { response } = exchange;
        if (response.origin !== "upstream" || response.status === 304) return undefined;
        if (response.status >= 300 && response.status < 400) return dropBody(response);
        const failed = response.status >= 400;
        if (failed && !bad) return withholdError(response.status);
        const json = readResponseJson(response, maxBytes);
        const conclude = (late: ResponseJson) => judge(exchange, failed ? bad : good, late);
        return json instanceof Promise ? json.then(conclude) : conclude(json);
      },
    };
  },
});

function judge(exchange: Exchange, schema: CompiledSchema | undefined, json: ResponseJson): Verdict | undefined {
  if (json.kind === "empty" || !schema) return undefined;
  if (json.kind !== "json") return deny("response-refused", `the answer is ${json.kind}`);
  const judged = schema.parse(json.value);
  if (judged.ok) {
    writeResponseJson(exchange.response, judged.value);
    return undefined;
  }
  if (exchange.response.status >= 400) return withholdError(exchange.response.status);
  const places = judged.fields.map(({ pointer, reason }) => `${pointer || "/"} ${reason}`).join(", ");
  return deny("response-refused", `the answer does not fit its schema: ${places}`);
}

/** The schema declares what a good answer is; a failed one tells its status and no more. */
function withholdError(status: number): Verdict {
  return deny(problemForStatus(status), `the upstream answered ${status}`, { status });
}

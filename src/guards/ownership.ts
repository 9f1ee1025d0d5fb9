import { evaluateAccess } from "../lib/evaluate-access.ts";
import { compileOwnership, type OwnershipPlan, resourceNames } from "../lib/resource.ts";
import { readResponseJson, type ResponseJson, writeResponseJson } from "../lib/response-json.ts";
import { readResponseOption, responseOption } from "../lib/response-option.ts";
import { withholdForeign } from "../lib/withhold-foreign.ts";
import { defineGuard } from "./guard.ts";
import { deny, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/**
 * Looks at whose objects the answer holds. A foreign object never leaves, whatever the backend says: alone it becomes the
 * denial that a missing one would be, in a list it is taken out. This is what stops the enumeration of ids on routes
 * whose path does not name the owner (OWASP API1:2023).
 */
export const ownership = defineGuard({
  name: "ownership",
  key: "response",
  summary: "Withholds objects of the answer that belong to somebody else.",
  controls: ["api-access"],
  applies: "declared",
  options: responseOption,
  stage: () => "upstream",
  describe(option) {
    const plan = compileOwnership(readResponseOption(option).schema);
    return plan ? `only the caller's own ${resourceNames(plan).join(", ")} leave` : "the answer names no owner";
  },
  create(option) {
    const { schema, maxBytes } = readResponseOption(option);
    const plan = compileOwnership(schema);
    if (!plan) return {};
    return {
      response(exchange) {
        const { response } = exchange;
        if (response.origin !== "upstream" || response.status >= 300) return undefined;
        const json = readResponseJson(response, maxBytes);
        return json instanceof Promise ? json.then((late) => judge(exchange, plan, late)) : judge(exchange, plan, json);
      },
    };
  },
});

function judge(exchange: Exchange, plan: OwnershipPlan, json: ResponseJson): Verdict | undefined {
  if (json.kind === "empty") return undefined;
  // What cannot be read cannot be shown to be the caller's; the same answer as for what the caller may not see.
  if (json.kind !== "json")
    return deny("response-refused", `the owner of the answer cannot be told: it is ${json.kind}`);
  const withheld = withholdForeign(plan, json.value, exchange.principal, (rule) => {
    const result = evaluateAccess(rule, exchange);
    return !(result instanceof Promise) && result.allowed;
  });
  if (withheld.denied) {
    const reason = `the answer holds a ${withheld.resource} of somebody else`;
    exchange.note({ guard: "ownership", event: "response.withheld", reason, count: 1 });
    return deny("not-found", reason);
  }
  if (withheld.removed > 0) {
    const reason = `elements of somebody else were taken out of the answer`;
    exchange.note({ guard: "ownership", event: "response.withheld", reason, count: withheld.removed });
    writeResponseJson(exchange.response, json.value);
  }
  return undefined;
}

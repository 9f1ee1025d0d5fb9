import { accessSettings, readAccess } from "../lib/access-option.ts";
import { readsBody } from "../lib/access.ts";
import { toAccessVerdict } from "./parts/access-verdict.ts";
import { describeAccess } from "../lib/describe-access.ts";
import { evaluateAccess } from "../lib/evaluate-access.ts";
import { defineGuard } from "./guard.ts";
import type { Verdict } from "./contract/verdict.ts";

/**
 * Judges access rules that compare a field of the body, once the body is parsed.
 *
 * It stands in the last stage before the upstream, since what it compares is the value that the content stage has judged
 * and that the upstream will get. A request without a parsed body has no owner, and is refused.
 */
export const bodyAccess = defineGuard({
  name: "body-access",
  key: "access",
  summary: "Judges access rules that compare a field of the body with the caller.",
  controls: ["api-access"],
  applies: "declared",
  options: accessSettings,
  stage: () => "upstream",
  describe: (settings) => {
    const { rule } = readAccess(settings);
    return readsBody(rule)
      ? `with the body: ${describeAccess(rule)}`
      : "nothing to add: the rule does not read the body";
  },
  create(settings, { identity }) {
    const { rule, denyAs } = readAccess(settings);
    if (!readsBody(rule)) return {};
    return {
      request(exchange): Verdict | Promise<Verdict> {
        const result = evaluateAccess(rule, exchange);
        return result instanceof Promise
          ? result.then((late) => toAccessVerdict(late, denyAs, identity.challenge))
          : toAccessVerdict(result, denyAs, identity.challenge);
      },
    };
  },
});

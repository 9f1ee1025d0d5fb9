import { accessSettings, readAccess } from "../lib/access-option.ts";
import { readsBody } from "../lib/access.ts";
import { describeAccess } from "../lib/describe-access.ts";
import { evaluateAccess } from "../lib/evaluate-access.ts";
import { toAccessVerdict } from "./parts/access-verdict.ts";
import { defineGuard } from "./guard.ts";
import type { Verdict } from "./contract/verdict.ts";

/**
 * Lets through whom the route's access rule allows.
 *
 * A rule that compares a field of the body is judged twice: here, before a byte of the body is read, as far as it can be
 * (so that nobody without any right makes the gateway parse), and finally by `body-access`.
 */
export const access = defineGuard({
  name: "access",
  key: "access",
  summary: "Lets through whom the route's access rule allows: by sign-in, scope, role, claim or ownership.",
  controls: ["api-access"],
  applies: "declared",
  options: accessSettings,
  stage: () => "access",
  describe: (settings) => {
    const { rule, denyAs } = readAccess(settings);
    return `${describeAccess(rule)}${denyAs === 404 ? "; anyone else is told that nothing is here" : ""}`;
  },
  create(settings, { identity }) {
    const { rule, denyAs } = readAccess(settings);
    const options = { bodyComes: readsBody(rule) };
    return {
      request(exchange): Verdict | Promise<Verdict> {
        const result = evaluateAccess(rule, exchange, options);
        return result instanceof Promise
          ? result.then((late) => toAccessVerdict(late, denyAs, identity.challenge))
          : toAccessVerdict(result, denyAs, identity.challenge);
      },
    };
  },
});

import { z } from "zod";
import { defineGuard } from "./guard.ts";
import { type Denial, PASS, type Verdict } from "./contract/verdict.ts";
import type { Exchange, Principal } from "./contract/exchange.ts";

/** Finds out who calls, from the credential of the request. */
export const authenticate = defineGuard({
  name: "authenticate",
  key: "authenticate",
  summary: "Verifies the bearer token of a request and refuses those that are not good.",
  controls: ["api-access"],
  applies: "always",
  options: z.strictObject({}).prefault({}).meta({ description: "No options; issuers are declared under `identity`." }),
  stage: () => "identity",
  create: (_, { identity }) => ({
    request(exchange) {
      const found = identity.authenticate(exchange);
      return found instanceof Promise ? found.then((later) => settle(exchange, later)) : settle(exchange, found);
    },
  }),
  describe: () => "callers with a credential must have a good one; callers without are anonymous",
});

/**
 * A bad credential is refused on public routes too. Were it taken for none, a frontend whose token has expired would get
 * the anonymous view with a 200, and nobody would refresh the token or notice an attack on it. No credential at all is
 * fine here: whether that suffices is for the access guard to say.
 */
function settle(exchange: Exchange, found: Principal | Denial): Verdict {
  if (found.kind === "deny") return found;
  exchange.principal = found;
  return PASS;
}

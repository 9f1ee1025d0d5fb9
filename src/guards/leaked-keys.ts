import { z } from "zod";
import { bytesOption } from "../lib/bytes.ts";
import { type ForbiddenNames, forbidNames, removeMembers } from "../lib/never-leave.ts";
import { readResponseJson, type ResponseJson, saysJson, writeResponseJson } from "../lib/response-json.ts";
import { defineGuard } from "./guard.ts";
import type { Exchange } from "./contract/exchange.ts";

const options = z
  .strictObject({
    more: z.array(z.string()).default([]).meta({ description: "Further names, compared without case and separators." }),
    except: z.array(z.string()).default([]).meta({ description: "Built-in names that may leave after all." }),
    maxBytes: bytesOption("1mb").meta({ description: "Larger answers pass unjudged, with a note in the log." }),
  })
  .prefault({});

const text = new TextDecoder();

/**
 * Takes credentials out of every JSON answer: password hashes, reset tokens, client secrets, by the name of the member. It
 * is the last net below schemas, for routes that have none.
 */
export const leakedKeys = defineGuard({
  name: "leaked-keys",
  key: "neverLeave",
  summary: "Takes members such as password hashes and reset tokens out of every JSON answer.",
  controls: ["api-access", "api-error-leak"],
  applies: "always",
  options,
  stage: () => "content",
  describe: ({ more }) => `no password, reset token or key leaves${more.length > 0 ? `, nor ${more.join(", ")}` : ""}`,
  create({ more, except, maxBytes }, { route }) {
    const forbidden = forbidNames(more, except);
    if (route.page) return {};
    return {
      response(exchange) {
        const { response } = exchange;
        if (response.origin !== "upstream" || response.body === null || !saysJson(response)) return undefined;
        // A look at the text spares most answers the parsing.
        if (response.body instanceof Uint8Array && !forbidden.mayStandIn(text.decode(response.body))) return undefined;
        const json = readResponseJson(response, maxBytes);
        return json instanceof Promise
          ? json.then((late) => remove(exchange, forbidden, late))
          : remove(exchange, forbidden, json);
      },
    };
  },
});

function remove(exchange: Exchange, forbidden: ForbiddenNames, json: ResponseJson): undefined {
  const guard = "leaked-keys";
  if (json.kind === "too-large")
    exchange.note({ guard, event: "response.unjudged", reason: "the answer is too large to be judged" });
  if (json.kind !== "json") return undefined;
  const count = removeMembers(json.value, forbidden);
  if (count === 0) return undefined;
  exchange.note({ guard, event: "response.withheld", reason: "the answer held members that never leave", count });
  writeResponseJson(exchange.response, json.value);
  return undefined;
}

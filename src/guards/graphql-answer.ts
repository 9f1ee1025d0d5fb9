import { type AnswerJudge, createAnswerJudge } from "../lib/graphql/answer.ts";
import { judgeEvents } from "../lib/graphql/event-stream.ts";
import { graphqlOption } from "../lib/graphql/option.ts";
import { readResponseJson, type ResponseJson, writeResponseJson } from "../lib/response-json.ts";
import { problemForStatus } from "../problem.ts";
import { endOfSession, findExcepted } from "./parts/graphql-caller.ts";
import { defineGuard } from "./guard.ts";
import { deny, type Verdict } from "./contract/verdict.ts";
import type { Exchange } from "./contract/exchange.ts";

/**
 * Judges what a GraphQL service answers: errors tell a path and a code and no more, objects of others are taken out, and
 * what is no answer of GraphQL (an IDE, a page of a framework) does not leave.
 *
 * It stands before the masking of errors, which knows nothing of GraphQL and would put a problem in the place of an
 * answer that is good but for one field.
 */
export const graphqlAnswer = defineGuard({
  name: "graphql-answer",
  key: "graphql",
  summary: "Takes out of GraphQL answers what tells about the inside, and what belongs to somebody else.",
  controls: ["api-graphql", "api-error-leak", "api-access"],
  applies: "declared",
  options: graphqlOption,
  stage: () => "upstream",
  describe: ({ owners }) =>
    ["errors tell a path and a code", ...Object.keys(owners).map((type) => `only the caller's own ${type}`)].join(", "),
  create(options, env) {
    const judge = createAnswerJudge(options);
    return {
      decodes: true,
      response(exchange): Verdict | undefined | Promise<Verdict | undefined> {
        const { response } = exchange;
        if (response.origin !== "upstream" || response.status === 101 || response.status === 304) return undefined;
        const excepted = findExcepted(options, exchange);
        if (response.headers.get("content-type")?.startsWith("text/event-stream") === true) {
          if (env.protocol !== "events") return deny("response-refused", "the answer is a stream of events");
          // What passes a judge of streams stays as it leaves it; one that only reports has to let it be.
          if (env.mode === "report") return undefined;
          const limits = {
            maxBytes: options.subscriptions.maxEventBytes,
            until: endOfSession(exchange, options),
            clock: env.clock,
          };
          const { principal } = exchange;
          response.body = judgeEvents(response.body, (value) => judge(value, principal, excepted)?.value, limits);
          return undefined;
        }
        const json = readResponseJson(response, options.maxAnswerBytes);
        const conclude = (late: ResponseJson) => judgeAnswer(exchange, judge, excepted, late);
        return json instanceof Promise ? json.then(conclude) : conclude(json);
      },
    };
  },
});

function judgeAnswer(
  exchange: Exchange,
  judge: AnswerJudge,
  excepted: ReadonlySet<string>,
  json: ResponseJson,
): Verdict | undefined {
  const { response } = exchange;
  const judged = json.kind === "json" ? judge(json.value, exchange.principal, excepted) : undefined;
  if (json.kind !== "json" || !judged) {
    const what = json.kind === "json" ? "no answer of GraphQL" : json.kind;
    if (response.status >= 400)
      return deny(problemForStatus(response.status), `the answer is ${what}`, { status: response.status });
    return deny("response-refused", `the answer is ${what}`);
  }
  const guard = "graphql-answer";
  if (judged.withheldMessages.length > 0)
    exchange.note({ guard, event: "response.masked", reason: judged.withheldMessages.join("; ") });
  if (judged.foreign > 0) {
    const reason = "objects of somebody else were taken out of the answer";
    exchange.note({ guard, event: "response.withheld", reason, count: judged.foreign });
  }
  if (judged.value !== json.value) writeResponseJson(response, judged.value);
  return undefined;
}

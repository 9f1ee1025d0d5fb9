import type { AccessView } from "../../lib/access.ts";
import { createBudgetKey } from "../../lib/budget-key.ts";
import { type CallerVerdict, judgeCaller } from "../../lib/graphql/caller-judge.ts";
import { compileRules } from "../../lib/graphql/compile-rules.ts";
import { readManifest } from "../../lib/graphql/manifest.ts";
import {
  createOperationJudge,
  type JudgedOperation,
  type OperationRefusal,
} from "../../lib/graphql/operation-judge.ts";
import type { GraphqlOptions } from "../../lib/graphql/option.ts";
import type { GraphqlRequest } from "../../lib/graphql/request.ts";
import { add, multiply } from "../../lib/graphql/saturating.ts";
import { formatRate, type Rate } from "../../lib/rate.ts";
import { toAccessVerdict } from "./access-verdict.ts";
import { type Denial, deny, PASS } from "../contract/verdict.ts";
import type { Exchange } from "../contract/exchange.ts";
import type { GuardEnv } from "../contract/guard-env.ts";

/** Operations that may run, or the refusal of all of them. */
export type JudgedOperations =
  | { readonly operations: readonly JudgedOperation[] }
  | { readonly denial: Denial }
  | { readonly denial: undefined; readonly unknownId: true };

/** Judges the operations of one call or message: what they are, who calls, and how often. */
export interface OperationsJudge {
  judge(requests: readonly GraphqlRequest[], caller: Exchange): JudgedOperations | Promise<JudgedOperations>;
}

/**
 * Compiles what the policy says of operations.
 * @throws Error for the policy's author
 */
export function createOperationsJudge(options: GraphqlOptions, env: GuardEnv): OperationsJudge {
  const parser = env.graphql();
  const asksForOwners = env.mode === "enforce";
  const rules = compileRules(options, { parser, file: (path) => env.file(path), asksForOwners });
  const manifest = options.persisted && readManifest(env.file(options.persisted.manifest));
  const judge = createOperationJudge(options, parser, rules, manifest);
  const takeLimits = createLimits(options, env);

  return {
    judge(requests, caller) {
      const operations: JudgedOperation[] = [];
      for (const request of requests) {
        const judged = judge.judge(request);
        if (judged.refused !== undefined) return toRefusal(judged);
        operations.push(judged);
      }
      const together = operations.length > 1 ? judge.judgeTogether(operations) : undefined;
      if (together) return toRefusal(together);
      const refused = judgeCallers(operations, caller, options, rules.schema);
      return refused instanceof Promise ? refused.then(conclude) : conclude(refused);

      function conclude(refused: CallerVerdict): JudgedOperations | Promise<JudgedOperations> {
        const verdict = refused ? toAccessVerdict(refused, 403, env.identity.challenge) : PASS;
        if (verdict.kind === "deny") return { denial: verdict };
        return takeLimits(operations, caller);
      }
    },
  };
}

function toRefusal(refusal: OperationRefusal): JudgedOperations {
  if (refusal.refused === "unknown-id") return { denial: undefined, unknownId: true };
  return { denial: deny(refusal.refused, refusal.reason) };
}

function judgeCallers(
  operations: readonly JudgedOperation[],
  view: AccessView,
  options: GraphqlOptions,
  schema: Parameters<typeof judgeCaller>[3],
  from = 0,
): CallerVerdict | Promise<CallerVerdict> {
  for (let at = from; at < operations.length; at++) {
    const refused = judgeCaller(operations[at] as JudgedOperation, view, options, schema);
    if (refused instanceof Promise)
      return refused.then((late) => late ?? judgeCallers(operations, view, options, schema, at + 1));
    if (refused) return refused;
  }
  return undefined;
}

/** The limits on what operations call. They are drawn on last: what is refused for another reason costs nothing. */
function createLimits(options: GraphqlOptions, env: GuardEnv) {
  const limits = options.limits.map((limit, at) => {
    const what = "field" in limit ? limit.field : "operation" in limit ? `operation ${limit.operation}` : "cost";
    const text = `limit ${formatRate(limit.rate)} on ${what}`;
    const count = (operation: JudgedOperation) => {
      if ("field" in limit) return operation.operation.calls.get(at) ?? 0;
      if ("cost" in limit) return operation.cost;
      return operation.persistedName === limit.operation ? 1 : 0;
    };
    return { rate: limit.rate, text, count, toKey: createBudgetKey(text, limit.rate.per, env) };
  });

  return (operations: readonly JudgedOperation[], caller: Exchange): JudgedOperations | Promise<JudgedOperations> =>
    take(0, operations, caller);

  function take(
    from: number,
    operations: readonly JudgedOperation[],
    caller: Exchange,
  ): JudgedOperations | Promise<JudgedOperations> {
    for (let at = from; at < limits.length; at++) {
      const { rate, text, count, toKey } = limits[at] as (typeof limits)[number];
      const calls = operations.reduce((sum, operation) => add(sum, count(operation)), 0);
      if (calls === 0) continue;
      const decision = env.limiter.take(toKey(caller), rate.limit, multiply(calls, rate.cost));
      if (decision instanceof Promise)
        return decision.then((late) =>
          late.allowed ? take(at + 1, operations, caller) : { denial: tooOften(text, late.waitMs, rate) },
        );
      if (!decision.allowed) return { denial: tooOften(text, decision.waitMs, rate) };
    }
    return { operations };
  }
}

/** What asks for more than a whole budget holds would never pass: it is told to wait for one window. */
function tooOften(text: string, waitMs: number, { limit }: Rate): Denial {
  const seconds = Math.max(1, Math.ceil(Math.min(waitMs, limit.windowMs) / 1000));
  return deny("rate-limited", `the ${text} is used up`, { headers: ["retry-after", String(seconds)] });
}

import { evaluateAccess } from "../../lib/evaluate-access.ts";
import type { GraphqlOptions } from "../../lib/graphql/option.ts";
import type { Exchange } from "../contract/exchange.ts";

/** The types of which this caller may see everybody's; an exception that takes time to decide is none. */
export function findExcepted({ owners }: GraphqlOptions, exchange: Exchange): ReadonlySet<string> {
  const excepted = Object.entries(owners).flatMap(([type, rule]) => {
    if (typeof rule === "string" || !rule.except) return [];
    const result = evaluateAccess(rule.except, exchange);
    return !(result instanceof Promise) && result.allowed ? [type] : [];
  });
  return new Set(excepted);
}

/** When what was opened ends at the latest, in milliseconds since the epoch: with the token that opened it. */
export function endOfSession({ startedAt, principal }: Exchange, { subscriptions }: GraphqlOptions): number {
  const expires = principal.kind === "token" ? principal.claims["exp"] : undefined;
  const latest = startedAt + subscriptions.maxLifetime;
  return typeof expires === "number" ? Math.min(expires * 1000, latest) : latest;
}

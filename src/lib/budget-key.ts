import { formatLimitKey, type LimitKey } from "./limit-key.ts";

/** What of an exchange a budget can be counted by. */
export interface Caller {
  readonly client: { readonly key: string };
  readonly principal:
    | { readonly kind: "anonymous" }
    | {
        readonly kind: "token";
        readonly issuer: string;
        readonly subject: string;
        readonly claims: Readonly<Record<string, unknown>>;
      };
  header(name: string): string | undefined;
}

/** Where a limit stands. */
export interface BudgetPlace {
  readonly route: { readonly id: string };
  readonly declaredOn: "policy" | "route";
}

/**
 * Makes the function that names the budget which a caller draws on.
 *
 * `identity` is the limit itself, in words that stay the same from one process to the next, so that several gateways share
 * one store. A limit at the top of the policy is one budget for all routes that inherit it; a limit on a route is that
 * route's own. A caller without the value that is asked for (anonymous, no such claim or header) is counted by address:
 * were such callers counted together, one of them could use up the budget of all.
 */
export function createBudgetKey(
  identity: string,
  per: readonly LimitKey[],
  { route, declaredOn }: BudgetPlace,
): (caller: Caller) => string {
  const ownRoute = declaredOn === "route" || per.some(({ kind }) => kind === "route");
  const prefix = `${identity}${ownRoute ? ` on ${route.id}` : ""}\n`;
  const parts = per.filter(({ kind }) => kind !== "route");
  const [only] = parts;
  if (only === undefined) return () => prefix;
  if (parts.length === 1 && only.kind === "address") return ({ client }) => prefix + client.key;
  if (parts.length === 1) return (caller) => prefix + toPart(only, caller);
  return (caller) => parts.reduce((key, part) => `${key}${toPart(part, caller)}\n`, prefix);
}

/** Whether any of the keys is known only after the caller was authenticated. */
export function needsPrincipal(per: readonly LimitKey[]): boolean {
  return per.some(({ kind }) => kind === "subject" || kind === "claim" || kind === "api-key");
}

/** The kind stands in front and the length is told: no value can be written that reads as two, or as another kind. */
function toPart(key: LimitKey, caller: Caller): string {
  const value = key.kind === "address" ? undefined : valueOf(key, caller);
  if (value === undefined) return `address ${caller.client.key}`;
  return `${formatLimitKey(key)} ${value.length} ${value}`;
}

function valueOf(key: LimitKey, caller: Caller): string | undefined {
  if (key.kind === "header") return caller.header(key.header);
  const { principal } = caller;
  if (principal.kind === "anonymous") return undefined;
  // Two issuers may both know an "alice" or a tenant "1"; they are not the same.
  if (key.kind !== "claim") return `${principal.issuer} ${principal.subject}`;
  const value = Object.hasOwn(principal.claims, key.claim) ? principal.claims[key.claim] : undefined;
  const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? `${principal.issuer} ${value}` : undefined;
}

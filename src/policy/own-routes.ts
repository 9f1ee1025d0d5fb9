import { sessionRoutes } from "../identity/sessions/routes.ts";
import { reportsRoutes } from "../reports/routes.ts";
import type { GuardKey, Route } from "./define.ts";
import type { ParsedPolicy } from "./schema.ts";

/** The upstreams that are no services but parts of the gateway. The colon keeps them apart from declared names. */
export type OwnUpstream = "headgate:reports" | "headgate:sessions";

const prefix = "headgate:";

/**
 * A route that the gateway serves itself, because a key of the policy switched a feature on.
 *
 * It is a route like any other: parsed by the same schema, matched by the same router, in conflict with the same
 * patterns, walked by the same guards, seen by the same events. Of the options at the top of the policy it takes those of
 * the outer stages (who may come, and how often), unless it says its own; what a body, a parameter or an answer has to be
 * is the endpoint's own affair, and a site-wide schema neither breaks nor opens it. `mode` at the top does not reach it.
 */
export interface OwnRoute {
  /** The policy key that switched it on: its place in messages. */
  readonly feature: string;
  readonly route: Route<OwnUpstream>;
  /** Guards that do not stand here at all, for the endpoint does their part. */
  readonly without: readonly GuardKey[];
}

/** What a feature contributes: nothing where the policy does not switch it on. */
type Feature = (parsed: ParsedPolicy) => readonly OwnRoute[];

const features: readonly Feature[] = [
  ({ reports }) => (reports ? reportsRoutes(reports) : []),
  ({ identity }) => (identity?.sessions ? sessionRoutes(identity.sessions) : []),
];

/** Every route that the gateway serves itself under this policy. */
export function ownRoutes(parsed: ParsedPolicy): OwnRoute[] {
  return features.flatMap((feature) => feature(parsed));
}

/** Whether calls that lead there stay within the gateway. */
export function isOwnUpstream(name: string): name is OwnUpstream {
  return name.startsWith(prefix);
}

import { anyone } from "../lib/access.ts";
import { formatRate } from "../lib/rate.ts";
import type { OwnRoute } from "../policy/own-routes.ts";
import type { ReportsOptions } from "./options.ts";
import { reportPaths } from "./paths.ts";

/** The name under which the collector is known as an upstream. */
export const reportsUpstream = "headgate:reports";

/**
 * The routes of the collector. Anyone may post: browsers send reports without credentials, from whatever page the policy
 * names this endpoint on. The endpoint reads the body itself, since it answers every one alike, and it speaks CORS
 * itself, since a report changes nothing that a foreign page could want changed.
 */
export function reportsRoutes(options: ReportsOptions): OwnRoute[] {
  const paths = reportPaths(options);
  const { perAddress, overall } = options.posts;
  const post = {
    to: reportsUpstream,
    access: anyone(),
    body: "any",
    // By address first: what one address sends too much does not use up what all have together.
    limit: [
      formatRate({ limit: perAddress, per: [{ kind: "address" }], cost: 1 }),
      // Nobody is told of the latter: what is left of it says how much the site's visitors report.
      formatRate({ limit: overall, per: [{ kind: "route" }], cost: 1, quiet: true }),
    ],
  } as const;
  const without = ["cors", "throttle"] as const;
  const own = (match: string, route: Omit<OwnRoute["route"], "match">): OwnRoute => ({
    feature: "reports",
    route: { match, ...route },
    without,
  });
  const reports = own(`POST ${paths.reports}`, post);
  if (!options.errors) return [reports];
  return [
    reports,
    own(`POST ${paths.errors}`, post),
    own(`GET ${paths.client}`, { to: reportsUpstream, access: anyone(), limit: "600/min per address" }),
  ];
}

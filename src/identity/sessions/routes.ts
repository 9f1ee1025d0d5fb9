import { anyone } from "../../lib/access.ts";
import type { OwnRoute } from "../../policy/own-routes.ts";
import type { SessionOptions } from "./options.ts";
import { sessionPaths } from "./paths.ts";

/** The name under which the endpoints of sessions are known as an upstream. */
export const sessionsUpstream = "headgate:sessions";

/**
 * The routes of sessions. Anyone may call them: who has a session, the endpoint sees by the cookie itself. What changes
 * something takes no call of another site, like every call with a session.
 */
export function sessionRoutes(options: SessionOptions): OwnRoute[] {
  const paths = sessionPaths(options);
  const own = (match: string, limit: string, more: Partial<OwnRoute["route"]> = {}): OwnRoute => ({
    feature: "identity.sessions",
    route: { match, to: sessionsUpstream, access: anyone(), limit, ...more },
    without: ["cors", "throttle", "injection", "authenticate"],
  });
  return [
    own(`GET ${paths.session}`, "600/min per address"),
    own(`GET ${paths.login}`, "60/min per address", { query: "any", page: true }),
    own(`GET ${paths.callback}`, "60/min per address", { query: "any", page: true }),
    own(`POST ${paths.logout}`, "60/min per address", { body: "any" }),
    own(`GET ${paths.devices}`, "60/min per address"),
    own(`DELETE ${paths.devices}`, "60/min per address"),
    own(`DELETE ${paths.devices}/:handle`, "60/min per address"),
    own(`POST ${paths.backChannel}`, "600/min per address", { body: "any" }),
  ];
}

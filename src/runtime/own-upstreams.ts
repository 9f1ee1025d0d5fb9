import { canonicalPath } from "../gateway/canonical.ts";
import { createRouter } from "../gateway/router.ts";
import type { Clock } from "../lib/clock.ts";
import type { Limiter } from "../lib/limit.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { OwnUpstream } from "../policy/own-routes.ts";
import { cleanUrl } from "../reports/clean.ts";
import { createReports } from "../reports/endpoint.ts";
import type { PageOf } from "../reports/report.ts";
import type { Upstream } from "../upstream/upstream.ts";

/** What the gateway's own endpoints may use. */
interface OwnEnv {
  readonly clock: Clock;
  readonly limiter: Limiter;
}

/** The part behind each name, where the policy switches it on. */
const makers: Readonly<Record<OwnUpstream, (policy: CompiledPolicy, env: OwnEnv) => Upstream | undefined>> = {
  "headgate:reports": (policy, env) =>
    policy.parsed.reports && createReports(policy.parsed.reports, { ...env, pageOf: createPageOf(policy) }),
};

/** The gateway's own endpoints, in the place of upstreams, by name. */
export function createOwnUpstreams(policy: CompiledPolicy, env: OwnEnv): Map<string, Upstream> {
  const upstreams = Object.entries(makers).flatMap(([name, make]) => {
    const upstream = make(policy, env);
    return upstream ? [[name, upstream] as const] : [];
  });
  return new Map(upstreams);
}

/** Finds the route of a page by its address. Paths hold ids and names, so logs have the pattern and not the path. */
function createPageOf({ hosts, routes }: CompiledPolicy): PageOf {
  const router = createRouter(routes.map(({ pattern }) => ({ pattern, target: pattern.path })));
  return (url) => {
    const parsed = URL.parse(url.slice(0, 8192));
    const isOwn = parsed !== null && (hosts.has(parsed.host) || hosts.has(parsed.hostname));
    if (!isOwn) return cleanUrl(url)?.origin ?? "somewhere unreadable";
    const path = canonicalPath(parsed.pathname);
    const match = path.refused === undefined ? router.match("GET", path.segments) : undefined;
    return match?.target ?? "no route";
  };
}

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
  /** The endpoints of sessions, which belong to the identity room's parts. */
  readonly sessions: Upstream | undefined;
}

const maxAddressLength = 8192;

/** The part behind each name, where the policy switches it on. */
const makers: Readonly<Record<OwnUpstream, (policy: CompiledPolicy, env: OwnEnv) => Upstream | undefined>> = {
  "headgate:reports": (policy, env) =>
    policy.parsed.reports &&
    createReports(policy.parsed.reports, { ...env, isOwn: createIsOwn(policy), pageOf: createPageOf(policy) }),
  "headgate:sessions": (_, { sessions }) => sessions,
};

/** The gateway's own endpoints, in the place of upstreams, by name. */
export function createOwnUpstreams(policy: CompiledPolicy, env: OwnEnv): Map<string, Upstream> {
  const upstreams = Object.entries(makers).flatMap(([name, make]) => {
    const upstream = make(policy, env);
    return upstream ? [[name, upstream] as const] : [];
  });
  return new Map(upstreams);
}

/** Says whether an address leads to this gateway, by the same hosts that it answers to. */
function createIsOwn({ hosts }: CompiledPolicy): (address: string) => boolean {
  return (address) => {
    const url = URL.parse(address.slice(0, maxAddressLength));
    return url !== null && /^https?:$/.test(url.protocol) && (hosts.has(url.host) || hosts.has(url.hostname));
  };
}

/** Finds the route of a page by its address. Paths hold ids and names, so logs have the pattern and not the path. */
function createPageOf(policy: CompiledPolicy): PageOf {
  const isOwn = createIsOwn(policy);
  const router = createRouter(policy.routes.map(({ pattern }) => ({ pattern, target: pattern.path })));
  return (url) => {
    if (!isOwn(url)) {
      const origin = cleanUrl(url)?.origin;
      return origin?.includes("//") === true ? origin : "a frame without address";
    }
    const path = canonicalPath(URL.parse(url.slice(0, maxAddressLength))?.pathname ?? "/");
    const match = path.refused === undefined ? router.match("GET", path.segments) : undefined;
    return match?.target ?? "no route";
  };
}

import type { Denial } from "../guards/contract/verdict.ts";
import type { Exchange } from "../guards/contract/exchange.ts";
import { deny } from "../guards/contract/verdict.ts";
import { canonicalPath, canonicalQuery, splitTarget } from "./canonical.ts";
import type { Routed } from "./exchange.ts";
import type { Incoming } from "./incoming.ts";
import type { Plan, RoutePlan } from "./plan.ts";
import type { Match } from "./router.ts";

/** Where a request was found to stand, and why it goes no further if it does not. */
export interface Admission {
  readonly routed: Routed;
  readonly refusal: Denial | undefined;
}

/** Whether a key may repeat is for the route's query guard to say: it knows which of them are lists. */
const queryRules = { mayRepeat: () => true };
const noPairs: Exchange["query"] = [];
const noParams: Exchange["params"] = {};

/**
 * Reads the request target once, strictly, and finds its route. Everything later, the upstream included, uses the form
 * that was matched here. A refused request stands on the fallback plan: its answer still passes the outer guards.
 */
export function admit(plan: Plan, incoming: Incoming): Admission {
  const refuse = (refusal: Denial, path = "/"): Admission => ({
    routed: { plan: plan.fallback, path, query: "", queryPairs: noPairs, params: noParams },
    refusal,
  });
  if (incoming.refusal) return refuse(incoming.refusal);
  const misdirected = judgeHost(plan, incoming);
  if (misdirected) return refuse(misdirected);

  const target = splitTarget(incoming.target);
  const path = canonicalPath(target.path);
  if (path.refused !== undefined) return refuse(deny("path-not-canonical", path.refused));

  const method = routedMethod(incoming);
  const match = findRoute(plan, method, path.segments);
  if (!match) return refuse(missing(plan, path.segments), path.path);
  if (match === "hidden") return refuse(deny("not-found", "no route is declared for the page of this path"), path.path);

  const query = canonicalQuery(target.query, queryRules);
  if (query.refused !== undefined) return refuse(deny("path-not-canonical", query.refused), path.path);
  return {
    routed: {
      plan: match.target,
      path: path.path,
      query: query.query,
      queryPairs: query.pairs,
      params: match.params,
    },
    refusal: judgeTransport(plan, match.target, incoming, path.path, query.query),
  };
}

/**
 * The route of a path. Where a framework serves a page's data at another path, the page's own route rules it, or every
 * rule for `/account` would be walked around by `/account.data`; what is matched by its page is forwarded as it came. A
 * route that spells such a path out is taken at its word.
 */
function findRoute(plan: Plan, method: string, segments: readonly string[]): Match<RoutePlan> | "hidden" | undefined {
  const find = (wanted: readonly string[]) =>
    plan.router.match(method, wanted) ?? (method === "HEAD" ? plan.router.match("GET", wanted) : undefined);
  const match = find(segments);
  for (const pageOf of plan.pagesOf) {
    const page = pageOf(segments);
    if (page === undefined || match?.target.view.pattern.endsWith(`/${segments.at(-1)}`)) continue;
    const isOf = (found: Match<RoutePlan> | undefined) => found?.target.claims.some((claim) => claim.pageOf === pageOf);
    const ofPage = find(page);
    if (isOf(ofPage)) return ofPage;
    if (isOf(match)) return "hidden";
  }
  return match;
}

/** A preflight stands on the route that the real call would take (Fetch standard, section 4.8). */
function routedMethod(incoming: Incoming): string {
  if (incoming.method !== "OPTIONS" || !incoming.headers.has("origin")) return incoming.method;
  return incoming.headers.get("access-control-request-method") ?? "OPTIONS";
}

function missing(plan: Plan, segments: readonly string[]): Denial {
  const allowed = plan.router.methodsFor(segments);
  if (allowed.length === 0) return deny("not-found", "no route is declared for this path");
  return deny("method-not-allowed", "the path is declared for other methods", {
    headers: ["allow", allowed.join(", ")],
  });
}

/** A request for another host may have been sent here by DNS rebinding, or be meant to poison a cache or a link. */
function judgeHost(plan: Plan, incoming: Incoming): Denial | undefined {
  const host = incoming.headers.get("host");
  if (host === undefined) return deny("malformed-request", "the request names no host");
  if (plan.policy.hosts.has(host.toLowerCase()) || plan.policy.hosts.has(hostname(host))) return undefined;
  return deny("misdirected-request", "the Host header names a host that the policy does not serve");
}

function hostname(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

/** On the plain port documents are sent to HTTPS; calls are refused, or a credential would be sent twice, once in clear. */
function judgeTransport(
  plan: Plan,
  route: RoutePlan,
  incoming: Incoming,
  path: string,
  query: string,
): Denial | undefined {
  if (incoming.upgrade !== undefined && route.protocol !== "websocket") {
    return deny("upgrade-refused", `this route does not take an upgrade to ${incoming.upgrade}`);
  }
  if (incoming.upgrade === undefined && route.protocol === "websocket") {
    return deny("upgrade-refused", "this route is for WebSocket connections only");
  }
  if (incoming.secure || plan.policy.plainHttp) return undefined;
  if (!route.view.page || !["GET", "HEAD"].includes(incoming.method))
    return deny("https-required", "the call came over plain HTTP");
  const location = `${plan.policy.site.origin}${path}${query === "" ? "" : `?${query}`}`;
  return deny("https-required", "the document is served over HTTPS", { status: 308, headers: ["location", location] });
}

import { access } from "../guards/access.ts";
import type { GuardEnv } from "../guards/contract/guard-env.ts";
import { anonymous } from "../guards/contract/exchange.ts";
import { noSecrets } from "../guards/contract/guard-env.ts";
import { type AccessSettings, readAccess } from "../lib/access-option.ts";
import { someRule } from "../lib/access.ts";
import { suggest } from "../lib/suggest.ts";
import { judgeReference } from "../secrets/resolve.ts";
import type { CompiledPolicy, CompiledRoute } from "./compile.ts";
import { loadGraphql } from "./graphql-parser.ts";
import type { PolicyProblem } from "./policy-problem.ts";

/** What no schema can see: whether the parts of the policy fit each other. */
export function judgeMeaning(policy: CompiledPolicy): PolicyProblem[] {
  return [
    ...judgeSite(policy),
    ...policy.routes.flatMap((route, index) =>
      judgeRoute(policy, route, `${route.feature ?? `routes[${index}]`} (${route.view.id})`),
    ),
    ...Object.entries(policy.parsed.upstreams).flatMap(([name, upstream]) =>
      "url" in upstream ? judgeUpstream(policy, name, upstream.url) : [],
    ),
    ...judgeReferences(policy),
  ];
}

function judgeSite({ site, parsed }: CompiledPolicy): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (site.pathname !== "/" || site.search !== "" || site.hash !== "") {
    problems.push({ path: "site", problem: "is more than an origin", fix: `write "${site.origin}"` });
  }
  if (site.protocol === "http:" && !isLoopback(site.hostname) && parsed.unsafe.allowPlainHttp === undefined) {
    problems.push({
      path: "site",
      problem: "is served without TLS",
      fix: 'write it with https://, or say why not in unsafe: { allowPlainHttp: "…" }',
    });
  }
  return problems;
}

function judgeRoute(policy: CompiledPolicy, route: CompiledRoute, path: string): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const known = Object.keys(policy.parsed.upstreams);
  // What leads into the gateway itself may be reached by the routes that bring it along, and by no declared one.
  if (route.feature === undefined && !known.includes(route.upstream)) {
    const near = suggest(route.upstream, known);
    const fix = near ? `did you mean "${near}"?` : `declare it under upstreams; declared: ${known.join(", ")}`;
    problems.push({ path: `${path}.to`, problem: `no upstream is named "${route.upstream}"`, fix });
  }
  for (const { guard, options, mode, source } of route.guards) {
    const twin = source === "route" && route.guards.find((other) => other.guard.replaces?.includes(guard.key));
    if (twin) {
      const problem = `stands beside ${twin.guard.key}, which judges the same in its own way`;
      problems.push({ path: `${path}.${guard.key}`, problem, fix: "leave one of the two out" });
    }
    if (guard.name === access.name) problems.push(...judgeAccess(options, route, path));
    try {
      const declaredOn = source === "route" ? "route" : "policy";
      guard.create(options, {
        ...inertEnv,
        file: (path) => policy.files.read(path),
        route: route.view,
        site: policy.site.origin,
        reports: undefined,
        declaredOn,
        mode,
        protocol: route.protocol,
      });
    } catch (error) {
      problems.push({ path: `${path}.${guard.key}`, problem: (error as Error).message, fix: guard.summary });
    }
  }
  return problems;
}

/** An owner rule whose parameter the path does not have would compare with nothing, and so refuse everybody. */
function judgeAccess(options: unknown, route: CompiledRoute, path: string): PolicyProblem[] {
  const missing: string[] = [];
  someRule(readAccess(options as AccessSettings).rule, (rule) => {
    if (rule.kind === "owner" && "param" in rule.of && !route.pattern.params.includes(rule.of.param))
      missing.push(rule.of.param);
    return false;
  });
  return missing.map((param) => ({
    path: `${path}.access`,
    problem: `owner("${param}") names a path parameter that "${route.view.pattern}" does not have`,
    fix:
      route.pattern.params.length > 0
        ? `use one of: ${route.pattern.params.join(", ")}`
        : `write owner({ query: "${param}" }) or owner({ body: "${param}" })`,
  }));
}

function judgeUpstream(policy: CompiledPolicy, name: string, url: string): PolicyProblem[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === "https:" || isPrivate(hostname) || policy.parsed.unsafe.allowHttpUpstream !== undefined) return [];
  return [
    {
      path: `upstreams.${name}.url`,
      problem: "would be reached without TLS outside a private network",
      fix: 'write it with https://, or say why not in unsafe: { allowHttpUpstream: "…" }',
    },
  ];
}

/** The form of a reference is judged by the schema; whether somebody can read it, here. */
function judgeReferences(policy: CompiledPolicy): PolicyProblem[] {
  return policy.references.flatMap(({ path, reference }) => {
    const problem = judgeReference(reference);
    return problem === undefined ? [] : [{ path, problem, fix: "name where the secret is kept, not the secret" }];
  });
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname.startsWith("127.") || hostname === "[::1]";
}

/** Loopback, private ranges and names without a dot, which only a private resolver knows. */
function isPrivate(hostname: string): boolean {
  if (isLoopback(hostname) || !/[.:]/.test(hostname)) return true;
  return (
    /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|\[f[cd])/.test(hostname) ||
    /\.(internal|local|svc)$/.test(hostname)
  );
}

/** An environment in which guards can be created but nothing can happen. */
const inertEnv: Omit<GuardEnv, "route" | "site" | "reports" | "declaredOn" | "file" | "mode" | "protocol"> = {
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  limiter: { take: () => ({ allowed: true, remaining: 0, resetMs: 0, waitMs: 0 }) },
  identity: { authenticate: () => anonymous, challenge: "" },
  eventLoopDelay: () => 0,
  random: (length) => new Uint8Array(length),
  sanitizer: { prepare: () => ({ clean: (html) => html }) },
  secrets: noSecrets,
  decoder: () => undefined,
  graphql: loadGraphql,
};

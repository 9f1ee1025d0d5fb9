import type { Guard } from "../guards/guard.ts";
import type { RouteView } from "../guards/contract/exchange.ts";
import { stages } from "../guards/guard.ts";
import { guards } from "../guards/registry.gen.ts";
import { type Declared, findConflicts } from "./conflicts.ts";
import { createPolicyFiles, type PolicyFiles } from "./files.ts";
import { judgeMeaning } from "./judge.ts";
import { type OwnRoute, ownRoutes } from "./own-routes.ts";
import { type Pattern, parsePattern } from "./pattern.ts";
import { PolicyError, type PolicyProblem } from "./policy-problem.ts";
import type { SecretReference } from "../secrets/reference.ts";
import { toPolicyProblems } from "./schema-problems.ts";
import { type ParsedPolicy, policySchema, routeSchema } from "./schema.ts";

/** Where a guard's options were said: `explain` and the reports show it. */
export type OptionSource = "default" | "policy" | "route";

/** One guard on one route, with its parsed options. */
export interface CompiledGuard {
  readonly guard: Guard;
  readonly options: unknown;
  readonly mode: "enforce" | "report";
  readonly source: OptionSource;
}

/** A route, judged. */
export interface CompiledRoute {
  readonly view: RouteView;
  readonly pattern: Pattern;
  readonly upstream: string;
  readonly protocol: "http" | "events" | "websocket";
  readonly forward: readonly string[];
  readonly guards: readonly CompiledGuard[];
  /** The policy key that brought it along, where the policy does not declare it as a route. */
  readonly feature: string | undefined;
}

/** A policy, judged as a whole and still offline: plain data that can be explained, audited and planned. */
export interface CompiledPolicy {
  readonly site: URL;
  /** Host names and authorities that are served. */
  readonly hosts: ReadonlySet<string>;
  /** Whether calls are served without TLS. */
  readonly plainHttp: boolean;
  readonly parsed: ParsedPolicy;
  readonly routes: readonly CompiledRoute[];
  /** Every secret that the policy refers to, and where. */
  readonly references: readonly { readonly path: string; readonly reference: SecretReference }[];
  /** The policy's own folder: relative paths in it start here. */
  readonly folder: string;
  /** The files that guards read. */
  readonly files: PolicyFiles;
  /** Guards of the outer stages, for answers to requests that match no route. */
  readonly fallbackGuards: readonly CompiledGuard[];
}

type Written = Readonly<Record<string, unknown>>;

/** A route before its pattern was read: from the policy's list, or brought along by one of its keys. */
interface Candidate {
  readonly path: string;
  readonly match: string;
  readonly route: ParsedPolicy["routes"][number];
  readonly written: Written;
  readonly own: OwnRoute | undefined;
}

const always: readonly Guard[] = guards;
const outerStages: ReadonlySet<string> = new Set(stages.slice(0, stages.indexOf("identity")));

/**
 * Judges a policy and puts it in the form from which a plan is made.
 * @param source what to call the policy in messages: its file name
 * @param folder where the files are that the policy names
 * @throws PolicyError with every problem at once
 */
export function compilePolicy(written: unknown, source = "the policy", folder = "."): CompiledPolicy {
  const result = policySchema.safeParse(written);
  if (!result.success) throw new PolicyError(source, toPolicyProblems(result.error, written));
  const parsed = result.data;
  const policyKeys = written as Written & { readonly routes: readonly Written[] };

  const { declared, problems } = readPatterns(collectCandidates(parsed, policyKeys.routes));
  problems.push(...findConflicts(declared));
  const routes = declared.map((one) => compileRoute(one, policyKeys, parsed));
  const site = new URL(parsed.site);
  const policy: CompiledPolicy = {
    site,
    hosts: new Set([site.host, site.hostname, ...parsed.hosts]),
    plainHttp: parsed.unsafe.allowPlainHttp !== undefined || site.protocol === "http:",
    parsed,
    routes,
    references: collectReferences(parsed),
    folder,
    files: createPolicyFiles(folder),
    fallbackGuards: compileGuards({}, undefined, policyKeys, parsed).filter(({ guard, options }) =>
      outerStages.has(guard.stage(options)),
    ),
  };
  problems.push(...judgeMeaning(policy));
  if (problems.length > 0) throw new PolicyError(source, problems);
  return policy;
}

/** Every route there will be: those that the policy declares, in its order, then those that its other keys bring along. */
function collectCandidates(parsed: ParsedPolicy, written: readonly Written[]): Candidate[] {
  const declared = parsed.routes.map((route, index): Candidate => {
    const path = `routes[${index}] (${route.match})`;
    return { path, match: route.match, route, written: written[index] ?? {}, own: undefined };
  });
  const own = ownRoutes(parsed).map((own): Candidate => {
    const { match } = own.route;
    return { path: `${own.feature} (${match})`, match, route: routeSchema.parse(own.route), written: own.route, own };
  });
  return [...declared, ...own];
}

function readPatterns(candidates: readonly Candidate[]) {
  const problems: PolicyProblem[] = [];
  const declared = candidates.flatMap((candidate): (Candidate & Declared)[] => {
    try {
      return [{ ...candidate, pattern: parsePattern(candidate.match) }];
    } catch (error) {
      const fix = 'write "METHOD /path/:parameter" or "METHOD /path/*"';
      problems.push({ path: candidate.path, problem: (error as Error).message, fix });
      return [];
    }
  });
  return { declared, problems };
}

function compileRoute(
  { route, pattern, written, own }: Candidate & Declared,
  policyKeys: Written,
  parsed: ParsedPolicy,
): CompiledRoute {
  const guards = compileGuards(written, route, policyKeys, parsed);
  return {
    view: {
      id: route.match,
      pattern: pattern.path,
      methods: pattern.methods,
      page: route.page,
      files: "directory" in (parsed.upstreams[route.to] ?? {}),
    },
    pattern,
    upstream: route.to,
    protocol: route.protocol,
    forward: route.forward,
    guards: own ? guardsOfOwn(own, guards) : withoutReplaced(guards),
    feature: own?.feature,
  };
}

/** The guards of a route: what the route says, else what the policy says for all, else the guard's own default. */
function compileGuards(
  routeKeys: Written,
  route: ParsedPolicy["routes"][number] | undefined,
  policyKeys: Written,
  parsed: ParsedPolicy,
): CompiledGuard[] {
  return always.flatMap((guard) => {
    const { key } = guard;
    const source = key in routeKeys ? "route" : key in policyKeys ? "policy" : "default";
    if (source === "default" && guard.applies === "declared") return [];
    const options =
      source === "default" ? guard.options.parse(undefined) : ((source === "route" ? route : parsed) as Written)[key];
    if (options === undefined) return [];
    const mode = modeOf(key, route?.mode) ?? modeOf(key, parsed.mode) ?? "enforce";
    const each = guard.list && Array.isArray(options) ? options : [options];
    return each.map((one: unknown) => ({ guard, options: one, mode, source }) satisfies CompiledGuard);
  });
}

/** Guards without those whose place another takes; where the route declares both, `judgeMeaning` says so. */
function withoutReplaced(guards: CompiledGuard[]): CompiledGuard[] {
  const replaced = new Set(guards.flatMap(({ guard }) => guard.replaces ?? []));
  return guards.filter(({ guard, source }) => source === "route" || !replaced.has(guard.key));
}

/** What of the site's guards stands on a route that the gateway serves itself; see `OwnRoute` for the reasons. */
function guardsOfOwn({ without }: OwnRoute, guards: readonly CompiledGuard[]): CompiledGuard[] {
  return guards.flatMap((one): CompiledGuard[] => {
    const { guard, options, source } = one;
    if ((without as readonly string[]).includes(guard.key)) return [];
    if (source !== "policy") return [{ ...one, mode: "enforce" }];
    if (outerStages.has(guard.stage(options))) return [one];
    if (guard.applies === "declared") return [];
    return [{ guard, options: guard.options.parse(undefined), mode: "enforce", source: "default" }];
  });
}

function modeOf(key: string, mode: ParsedPolicy["mode"]): "enforce" | "report" | undefined {
  return typeof mode === "object" ? (mode as Record<string, "enforce" | "report" | undefined>)[key] : mode;
}

function collectReferences(parsed: ParsedPolicy): CompiledPolicy["references"] {
  const credentials = Object.entries(parsed.upstreams).flatMap(([name, upstream]) =>
    "url" in upstream && upstream.credential
      ? [{ path: `upstreams.${name}.credential`, reference: upstream.credential.secret }]
      : [],
  );
  const sessions = parsed.identity?.sessions;
  const others = [
    { path: "admin.token", reference: parsed.admin.token },
    { path: "identity.sessions.clientSecret", reference: sessions?.clientSecret },
    {
      path: "identity.sessions.store.key",
      reference: typeof sessions?.store === "object" ? sessions.store.key : undefined,
    },
  ];
  return [
    ...credentials,
    ...others.flatMap(({ path, reference }) => (reference === undefined ? [] : [{ path, reference }])),
  ];
}

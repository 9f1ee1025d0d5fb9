import type { Claims, GuardHooks, Stage } from "../guards/guard.ts";
import type { Exchange, RouteView } from "../guards/contract/exchange.ts";
import type { Verdict } from "../guards/contract/verdict.ts";
import type { GuardEnv } from "../guards/contract/guard-env.ts";
import { stages } from "../guards/guard.ts";
import type { CompiledGuard, CompiledPolicy, CompiledRoute } from "../policy/compile.ts";
import { reportPaths } from "../reports/paths.ts";
import type { SendOptions, Upstream } from "../upstream/upstream.ts";
import type { MessageJudge } from "../guards/contract/messages.ts";
import type { RefusalForm } from "../guards/contract/refusal-form.ts";
import { forwardedHeaders, handshakeHeaders } from "./forward.ts";
import { createRouter, type Router } from "./router.ts";

/** One guard's request half on one route. */
export interface RequestStep {
  readonly guard: string;
  readonly stage: Stage;
  readonly reportOnly: boolean;
  run(exchange: Exchange): Verdict | Promise<Verdict>;
}

/** One guard's response half on one route. */
export interface ResponseStep {
  readonly guard: string;
  readonly stage: Stage;
  readonly reportOnly: boolean;
  run(exchange: Exchange): ReturnType<NonNullable<GuardHooks["response"]>>;
}

/** A route, ready to run: flat arrays in the order in which they are walked. */
export interface RoutePlan {
  readonly view: RouteView;
  readonly request: readonly RequestStep[];
  /** How many request steps belong to the stages before anyone asks who calls. */
  readonly outerSteps: number;
  readonly response: readonly ResponseStep[];
  /** What guards of the route judge alone. */
  readonly claims: readonly Claims[];
  /** Names of request headers that go upstream. */
  readonly passes: ReadonlySet<string>;
  /** Absent on the plan for requests that match no route. */
  readonly upstream: Upstream | undefined;
  readonly send: SendOptions;
  readonly protocol: CompiledRoute["protocol"];
  /** How refusals look here, where not as problems. */
  readonly refusal: RefusalForm | undefined;
  readonly messages: MessageJudge | undefined;
}

/** A policy, ready to run. It is built once and swapped as a whole. */
export interface Plan {
  readonly policy: CompiledPolicy;
  readonly router: Router<RoutePlan>;
  /** For requests without a route: they still get the site's guards of the outer stages on their answer. */
  readonly fallback: RoutePlan;
  /** Every way in which guards of the policy know a page by another path. */
  readonly pagesOf: readonly NonNullable<Claims["pageOf"]>[];
}

/** The live parts that a plan is built upon. */
export interface PlanEnv extends Omit<
  GuardEnv,
  "route" | "site" | "reports" | "declaredOn" | "file" | "mode" | "protocol"
> {
  upstream(name: string): Upstream;
}

/** Turns a compiled policy into flat arrays of hooks. Everything that can throw, throws here, before any exchange. */
export function createPlan(policy: CompiledPolicy, env: PlanEnv): Plan {
  const routes = policy.routes.map((route) => ({ pattern: route.pattern, target: planRoute(route, policy, env) }));
  const pagesOf = routes.flatMap(({ target }) => target.claims.flatMap(({ pageOf }) => (pageOf ? [pageOf] : [])));
  return {
    policy,
    router: createRouter(routes),
    fallback: planFallback(policy, env),
    pagesOf: [...new Set(pagesOf)],
  };
}

function planRoute(route: CompiledRoute, policy: CompiledPolicy, env: PlanEnv): RoutePlan {
  const { decodes, ...steps } = createSteps(route.guards, route, policy, env);
  const claimed = steps.claims.flatMap(({ headers }) => headers);
  const passes = new Set([...forwardedHeaders, ...claimed, ...route.forward]);
  if (route.protocol === "websocket") for (const name of handshakeHeaders) passes.add(name);
  // Guards read data answers, and of pages those that a guard says it reads; the rest pass as the upstream packed them.
  const decode = decodes || !route.view.page;
  if (decode) passes.delete("accept-encoding");
  return {
    view: route.view,
    ...steps,
    passes,
    upstream: env.upstream(route.upstream),
    send: { decode, events: route.protocol === "events" },
    protocol: route.protocol,
  };
}

function planFallback(policy: CompiledPolicy, env: PlanEnv): RoutePlan {
  const view: RouteView = { id: "no route", pattern: "", methods: [], page: false, files: false };
  const { request, outerSteps, response } = createSteps(policy.fallbackGuards, { view, protocol: "http" }, policy, env);
  return {
    view,
    request,
    outerSteps,
    response,
    claims: [],
    passes: new Set(),
    upstream: undefined,
    send: { decode: true, events: false },
    protocol: "http",
    refusal: undefined,
    messages: undefined,
  };
}

function createSteps(
  guards: readonly CompiledGuard[],
  { view: route, protocol }: Pick<CompiledRoute, "view" | "protocol">,
  policy: CompiledPolicy,
  env: PlanEnv,
): Pick<RoutePlan, "request" | "outerSteps" | "response" | "claims" | "refusal" | "messages"> & {
  readonly decodes: boolean;
} {
  const steps = guards.map(({ guard, options, mode, source }) => {
    const declaredOn: GuardEnv["declaredOn"] = source === "route" ? "route" : "policy";
    const file = (path: string) => policy.files.read(path);
    const site = policy.site.origin;
    const { reports: reporting } = policy.parsed;
    const reports = reporting && { path: reporting.path, client: reportPaths(reporting).client };
    const hooks = guard.create(options, { ...env, route, site, reports, declaredOn, file, mode, protocol });
    return { guard: guard.name, stage: guard.stage(options), reportOnly: mode === "report", hooks };
  });
  steps.sort((a, b) => stages.indexOf(a.stage) - stages.indexOf(b.stage));
  const request: RequestStep[] = [];
  const response: ResponseStep[] = [];
  for (const { hooks, ...step } of steps) {
    if (hooks.request) request.push({ ...step, run: hooks.request.bind(hooks) });
    if (hooks.response) response.unshift({ ...step, run: hooks.response.bind(hooks) });
  }
  const outerSteps = request.filter((step) => stages.indexOf(step.stage) < stages.indexOf("identity")).length;
  const claims = steps.flatMap(({ hooks }) => (hooks.claims ? [hooks.claims] : []));
  return {
    request,
    outerSteps,
    response,
    claims,
    decodes: steps.some(({ hooks }) => hooks.decodes === true),
    refusal: steps.find(({ hooks }) => hooks.refusal)?.hooks.refusal,
    messages: steps.find(({ hooks }) => hooks.messages)?.hooks.messages,
  };
}

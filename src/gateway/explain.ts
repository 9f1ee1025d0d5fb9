import { problemTypes } from "../problem.ts";
import type { CompiledGuard, CompiledPolicy } from "../policy/compile.ts";
import { isOwnUpstream } from "../policy/own-routes.ts";
import type { Simulation, TraceStep } from "./simulate.ts";

/** What `headgate explain` says of a request: data for `--json`, lines for people. */
export interface Explanation {
  readonly request: string;
  readonly as: string;
  readonly route: string | undefined;
  readonly upstream: string | undefined;
  readonly guards: readonly ExplainedGuard[];
  readonly verdict: "allowed" | "answered" | "denied";
  readonly guard: string | undefined;
  readonly status: number | undefined;
  readonly problem: string | undefined;
  readonly reason: string | undefined;
}

/** One guard on the request's way. */
export interface ExplainedGuard {
  readonly guard: string;
  readonly stage: string;
  readonly verdict: TraceStep["verdict"] | "not reached" | "on the response";
  readonly reason: string | undefined;
  readonly says: string | undefined;
  readonly mode: "enforce" | "report";
  /** Where its options come from. */
  readonly source: CompiledGuard["source"];
}

/** Puts a simulation in words: the route, each guard in the order of the flow with its verdict, the outcome, the reason. */
export function explain(policy: CompiledPolicy, simulation: Simulation, request: string, as: string): Explanation {
  const { exchange, route, trace } = simulation;
  const { decision } = exchange;
  const compiled = policy.routes.find(({ view }) => view === route?.view);
  const declared = compiled?.guards ?? policy.fallbackGuards;
  const describe = describer(declared);
  const asked = trace.filter(({ half }) => half === "request");
  const onRequest = exchange.plan.request.map((step, at) => ({
    ...describe(step, "request"),
    verdict: asked[at]?.verdict ?? ("not reached" as const),
    reason: asked[at]?.reason,
  }));
  const requested = new Set(onRequest.map(({ guard }) => guard));
  const onResponse = exchange.plan.response
    .filter(({ guard }) => !requested.has(guard))
    .map((step) => ({ ...describe(step, "response"), verdict: "on the response" as const, reason: undefined }));
  const stopped = decision?.outcome === "denied" || decision?.outcome === "failed";
  return {
    request,
    as,
    route: compiled?.view.id,
    upstream: compiled?.upstream,
    guards: [...onRequest, ...onResponse],
    verdict: stopped ? "denied" : decision ? "answered" : "allowed",
    guard: decision?.guard,
    status: decision ? exchange.response.status : undefined,
    problem: decision?.problem,
    reason: decision?.reason,
  };
}

/** Says of each step what its options are; a guard with several on one route is described in the order of its list. */
function describer(declared: readonly CompiledGuard[]) {
  const left = new Map<string, CompiledGuard[]>();
  const keyOf = (guard: string, half: string) => `${half} ${guard}`;
  for (const one of declared) {
    for (const half of ["request", "response"]) {
      const key = keyOf(one.guard.name, half);
      left.set(key, [...(left.get(key) ?? []), one]);
    }
  }
  return (
    step: { readonly guard: string; readonly stage: string },
    half: string,
  ): Omit<ExplainedGuard, "verdict" | "reason"> => {
    const waiting = left.get(keyOf(step.guard, half)) ?? [];
    const at = Math.max(
      0,
      waiting.findIndex(({ guard, options }) => guard.stage(options) === step.stage),
    );
    const [one] = waiting.splice(at, 1);
    return {
      guard: step.guard,
      stage: step.stage,
      says: one?.guard.describe?.(one.options),
      mode: one?.mode ?? "enforce",
      source: one?.source ?? "default",
    };
  };
}

/** The explanation as lines for a terminal. */
export function formatExplanation(explanation: Explanation): string {
  const { guards } = explanation;
  const width = Math.max(0, ...guards.map(({ guard }) => guard.length));
  const verdictWidth = Math.max(0, ...guards.map(({ verdict }) => verdict.length));
  const lines = guards.map(({ guard, verdict, reason, says, mode, source }) => {
    const about = [
      reason ?? says,
      mode === "report" ? "report only" : undefined,
      source === "default" ? undefined : `set on the ${source}`,
    ];
    return `  ${guard.padEnd(width)}  ${verdict.padEnd(verdictWidth)}  ${about.filter(Boolean).join(" · ")}`.trimEnd();
  });
  return [
    `${explanation.request}  as ${explanation.as}`,
    "",
    `route   ${explanation.route ? `${explanation.route} -> ${explanation.upstream}` : "none: the policy declares nothing for it"}`,
    "guards",
    ...lines,
    "",
    `verdict ${formatVerdict(explanation)}`,
  ].join("\n");
}

function formatVerdict({ verdict, guard, status, problem, reason, upstream }: Explanation): string {
  if (verdict === "allowed" && upstream !== undefined && isOwnUpstream(upstream))
    return "allowed: the gateway answers the request itself";
  if (verdict === "allowed") return `allowed: the request goes to ${upstream}`;
  if (verdict === "answered") return `answered by ${guard} (${status}): ${reason}`;
  const title = problem && problem in problemTypes ? problem : "";
  return `denied by ${guard} (${status} ${title}): ${reason}`;
}

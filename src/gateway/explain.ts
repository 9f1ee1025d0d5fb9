import { problemTypes } from "../problem.ts";
import type { CompiledGuard, CompiledPolicy } from "../policy/compile.ts";
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

/** Puts a simulation in words: the route, each guard in order with its verdict, and the outcome with its reason. */
export function explain(policy: CompiledPolicy, simulation: Simulation, request: string, as: string): Explanation {
  const { exchange, route, trace } = simulation;
  const { decision } = exchange;
  const compiled = policy.routes.find(({ view }) => view === route?.view);
  const asked = trace.filter(({ half }) => half === "request");
  const guards = (compiled?.guards ?? policy.fallbackGuards).map((one): ExplainedGuard => {
    const step = asked.find(({ guard }) => guard === one.guard.name);
    if (step) asked.splice(asked.indexOf(step), 1);
    const inRequest = step !== undefined || route?.request.some(({ guard }) => guard === one.guard.name) === true;
    return {
      guard: one.guard.name,
      stage: one.guard.stage(one.options),
      verdict: step?.verdict ?? (inRequest ? "not reached" : "on the response"),
      reason: step?.reason,
      says: one.guard.describe?.(one.options),
      mode: one.mode,
      source: one.source,
    };
  });
  const stopped = decision?.outcome === "denied" || decision?.outcome === "failed";
  return {
    request,
    as,
    route: compiled?.view.id,
    upstream: compiled?.upstream,
    guards,
    verdict: stopped ? "denied" : decision ? "answered" : "allowed",
    guard: decision?.guard,
    status: decision ? exchange.response.status : undefined,
    problem: decision?.problem,
    reason: decision?.reason,
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
  if (verdict === "allowed") return `allowed: the request goes to ${upstream}`;
  if (verdict === "answered") return `answered by ${guard} (${status}): ${reason}`;
  const title = problem && problem in problemTypes ? problem : "";
  return `denied by ${guard} (${status} ${title}): ${reason}`;
}

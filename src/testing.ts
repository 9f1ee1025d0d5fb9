/** Try a policy offline, in a team's own unit tests: `import { simulate } from "headgate/testing"`. */
import type { ProblemId } from "./problem.ts";
import {
  createSimulationEnv,
  type SimulatedRequest,
  simulateExchange,
  type SimulationEnv,
  toPrincipal,
  type TraceStep,
} from "./gateway/simulate.ts";
import { type CompiledPolicy, compilePolicy } from "./policy/compile.ts";
import type { PolicyInput } from "./policy/define.ts";

/** A caller of a simulated request. */
export interface SimulatedCaller {
  readonly subject: string;
  readonly issuer?: string;
  readonly scopes?: readonly string[];
  readonly roles?: readonly string[];
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** A request to try: `{ request: "GET /api/users/7/orders", as: "alice" }`. */
export interface SimulateInput extends Omit<SimulatedRequest, "method" | "target" | "as"> {
  /** Method and target in one text. */
  readonly request: string;
  /** A name of the policy's `principals`, or a caller. Absent: nobody is signed in. */
  readonly as?: string | SimulatedCaller;
}

/** What became of it. */
export interface SimulateResult {
  readonly verdict: "allowed" | "answered" | "denied";
  /** The id of the matched route. */
  readonly route: string | undefined;
  /** The guard that decided, where one did. */
  readonly guard: string | undefined;
  readonly problem: ProblemId | undefined;
  readonly reason: string | undefined;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The answer's body as text; empty where it has none. */
  readonly body: string;
  /** What would have gone upstream. */
  readonly sent:
    | { readonly method: string; readonly target: string; readonly headers: Readonly<Record<string, string>> }
    | undefined;
  readonly trace: readonly TraceStep[];
}

/** Simulates requests one after the other against one set of counters. */
export interface Simulator {
  simulate(input: SimulateInput): Promise<SimulateResult>;
}

/** Judges a policy and gives back a simulator, for tests of limits over several requests. */
export function createSimulator(policy: PolicyInput, env: SimulationEnv = createSimulationEnv()): Simulator {
  const compiled = compilePolicy(policy);
  return { simulate: (input) => run(compiled, input, env) };
}

/** Simulates one request on a policy. */
export function simulate(policy: PolicyInput, input: SimulateInput): Promise<SimulateResult> {
  return createSimulator(policy).simulate(input);
}

async function run(policy: CompiledPolicy, input: SimulateInput, env: SimulationEnv): Promise<SimulateResult> {
  const { request, as, ...rest } = input;
  const { method, target } = splitRequest(request);
  const principal = as === undefined ? undefined : toPrincipal(typeof as === "string" ? callerNamed(policy, as) : as);
  const simulation = await simulateExchange(
    policy,
    { method, target, ...rest, ...(principal && { as: principal }) },
    env,
  );
  const { exchange, route, sent, response } = simulation;
  const { decision } = exchange;
  const stopped = decision?.outcome === "denied" || decision?.outcome === "failed";
  return {
    verdict: stopped ? "denied" : decision ? "answered" : "allowed",
    route: route?.view.id,
    guard: decision?.guard,
    problem: decision?.problem,
    reason: decision?.reason,
    status: response.status,
    headers: toRecord(response.headers.flat),
    body: response.body instanceof Uint8Array ? new TextDecoder().decode(response.body) : "",
    sent: sent && {
      method: sent.method,
      target: sent.query === "" ? sent.path : `${sent.path}?${sent.query}`,
      headers: toRecord(sent.headers.flat),
    },
    trace: simulation.trace,
  };
}

function splitRequest(request: string): { readonly method: string; readonly target: string } {
  const [, method, target] = /^([A-Za-z]+) (\S+)$/.exec(request) ?? [];
  if (method === undefined || target === undefined) throw new Error('write the request as "METHOD /path"');
  return { method, target };
}

/** A caller of the policy's `principals`, by name. */
export function callerNamed(policy: CompiledPolicy, name: string): SimulatedCaller {
  const { principals } = policy.parsed;
  const found = Object.hasOwn(principals, name) ? principals[name] : undefined;
  if (found) return found;
  const known = Object.keys(principals);
  throw new Error(
    `the policy's principals name no "${name}"${known.length > 0 ? `; they name ${known.join(", ")}` : ""}`,
  );
}

function toRecord(flat: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? "";
    record[name] = name in record ? `${record[name]}, ${flat[at + 1]}` : (flat[at + 1] ?? "");
  }
  return record;
}

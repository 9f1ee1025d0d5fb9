import type { GatewayResponse } from "../../lib/gateway-response.ts";
import type { ProblemField, ProblemId } from "../../problem.ts";

/** The guard has nothing against it. */
export const PASS = { kind: "pass" } as const;

/** The guard refuses. `reason` goes to the event log under the request's id; the client sees the problem only. */
export interface Denial {
  readonly kind: "deny";
  readonly problem: ProblemId;
  readonly reason: string;
  /** Flat response headers that belong to the refusal: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  readonly headers?: readonly string[];
  readonly fields?: readonly ProblemField[];
  /** Another status than the problem's own, where an upstream's status is kept. */
  readonly status?: number;
}

/** The guard answers itself, without an upstream: a preflight, for one. */
export interface Answer {
  readonly kind: "respond";
  readonly response: GatewayResponse;
  readonly reason: string;
}

export type Verdict = typeof PASS | Denial | Answer;

/** Builds a denial. */
export function deny(
  problem: ProblemId,
  reason: string,
  more: Omit<Denial, "kind" | "problem" | "reason"> = {},
): Denial {
  return { kind: "deny", problem, reason, ...more };
}

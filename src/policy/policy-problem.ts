import { HeadgateError } from "../lib/error.ts";

/** One thing that is wrong with a policy: where, what, and how to put it right. */
export interface PolicyProblem {
  /** The place in the policy: `routes[2] (GET /api/users/:id).access`. */
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
}

/** A policy that was not accepted, with everything that is wrong with it. */
export class PolicyError extends HeadgateError {
  readonly problems: readonly PolicyProblem[];

  constructor(source: string, problems: readonly PolicyProblem[]) {
    super("policy-invalid", `${source} has ${count(problems)}:\n\n${formatProblems(problems)}`);
    this.problems = problems;
  }
}

/** The problems as a person reads them on a terminal. */
export function formatProblems(problems: readonly PolicyProblem[]): string {
  return problems.map(({ path, problem, fix }) => `  ${path}\n    ${problem}\n    Fix: ${fix}`).join("\n\n");
}

function count(problems: readonly PolicyProblem[]): string {
  return problems.length === 1 ? "1 problem" : `${problems.length} problems`;
}

import { intersect, type Pattern, relate } from "./pattern.ts";
import type { PolicyProblem } from "./policy-problem.ts";

/** A declared route, as far as conflicts are concerned. */
export interface Declared {
  /** Where it stands in the policy, for the message. */
  readonly path: string;
  readonly match: string;
  readonly pattern: Pattern;
}

/**
 * Finds routes of which it is not plain which one serves a request: the same pattern twice (the second would never be
 * reached), and patterns that cross without the crossing being declared.
 */
export function findConflicts(routes: readonly Declared[]): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  routes.forEach((later, index) => {
    for (const earlier of routes.slice(0, index)) {
      const shared = later.pattern.methods.filter((method) => earlier.pattern.methods.includes(method));
      if (shared.length === 0) continue;
      const relation = relate(earlier.pattern, later.pattern);
      if (relation === "same") problems.push(shadowed(earlier, later));
      else if (relation === "crossing") {
        const crossing = intersect(earlier.pattern, later.pattern);
        for (const method of shared) {
          if (!isDeclared(routes, method, crossing)) problems.push(crossed(earlier, later, `${method} ${crossing}`));
        }
      }
    }
  });
  return problems;
}

function isDeclared(routes: readonly Declared[], method: string, path: string): boolean {
  const shape = (text: string) => text.replace(/:[^/]+/g, ":");
  return routes.some(({ pattern }) => pattern.methods.includes(method) && shape(pattern.path) === shape(path));
}

function shadowed(earlier: Declared, later: Declared): PolicyProblem {
  return {
    path: later.path,
    problem: `"${later.match}" matches the same requests as "${earlier.match}" and would never be reached`,
    fix: "remove one of the two, or make their paths or methods differ",
  };
}

function crossed(earlier: Declared, later: Declared, crossing: string): PolicyProblem {
  return {
    path: later.path,
    problem: `"${later.match}" and "${earlier.match}" both match "${crossing}", and neither is the narrower one`,
    fix: `declare route("${crossing}", …), so that the policy says who may call it`,
  };
}

import type { z } from "zod";
import { suggest } from "../lib/suggest.ts";
import type { PolicyProblem } from "./policy-problem.ts";
import { policySchema } from "./schema.ts";
import { knownKeys } from "./known-keys.ts";

/** Says what the schema found wrong in the words of the policy's author: place, problem, fix. */
export function toPolicyProblems(error: z.ZodError, written: unknown): PolicyProblem[] {
  return error.issues.flatMap((issue) => toProblems(issue, [], written));
}

function toProblems(issue: z.core.$ZodIssue, parent: readonly PropertyKey[], written: unknown): PolicyProblem[] {
  const keys = [...parent, ...issue.path];
  const path = formatPath(keys, written);
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(policySchema, keys);
    return issue.keys.map((key) => ({
      path: `${path === "policy" ? "" : `${path}.`}${key}`,
      ...unknownKey(key, known),
    }));
  }
  if (issue.code === "invalid_union") {
    const nearest = nearestBranch(issue.errors);
    if (nearest) return nearest.flatMap((inner) => toProblems(inner, keys, written));
  }
  if (isAbsent(keys, written)) {
    return [{ path, problem: "is missing", fix: missingFix(keys) }];
  }
  return [{ path, problem: issue.message, fix: "see docs/reference/policy.md for what stands here" }];
}

function unknownKey(key: string, known: readonly string[]): Pick<PolicyProblem, "problem" | "fix"> {
  const near = suggest(key, known);
  const fix = near ? `did you mean "${near}"?` : `remove it; known here: ${[...known].sort().join(", ")}`;
  return { problem: "is not a key that stands here", fix };
}

function missingFix(keys: readonly PropertyKey[]): string {
  const last = String(keys.at(-1));
  if (last === "access") return "say who may call it: anyone(), signedIn(), scope(…), role(…), owner(…)";
  if (last === "url" && keys.at(-3) === "upstreams")
    return "say where it is: `url` of a service, or `directory` of files";
  if (last === "to") return "name the upstream that serves it";
  return `add \`${last}\``;
}

/** Of a union's branches, the one whose complaint is about the inside of what was written, not about its kind. */
function nearestBranch(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const deep = branches.filter(
    (issues) => issues.length > 0 && issues.every(({ path, code }) => path.length > 0 || code !== "invalid_type"),
  );
  return deep.sort((a, b) => a.length - b.length)[0];
}

function isAbsent(keys: readonly PropertyKey[], written: unknown): boolean {
  return keys.length > 0 && valueAt(keys, written) === undefined;
}

function valueAt(keys: readonly PropertyKey[], written: unknown): unknown {
  let value = written;
  for (const key of keys) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

/** `["routes", 2, "access"]` as `routes[2] (GET /api/users/:id).access`. */
export function formatPath(keys: readonly PropertyKey[], written: unknown): string {
  let text = "";
  keys.forEach((key, index) => {
    if (typeof key !== "number") text += text === "" ? String(key) : `.${String(key)}`;
    else {
      const match = keys[index - 1] === "routes" ? valueAt([...keys.slice(0, index + 1), "match"], written) : undefined;
      text += typeof match === "string" ? `[${key}] (${match})` : `[${key}]`;
    }
  });
  return text === "" ? "policy" : text;
}

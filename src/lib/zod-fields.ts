import type { z } from "zod";
import type { ProblemField } from "../problem.ts";
import type { FieldReason } from "./problem-field.ts";
import { isRecord } from "./own-path.ts";
import { type SchemaNode, toDeclaredPointer } from "./schema-graph.ts";

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** What Zod found wrong with `input`, as places and words: neither values nor names that only the client chose. */
export function toZodFields(issues: readonly Issue[], graph: SchemaNode, input: unknown): readonly ProblemField[] {
  return issues.flatMap((issue) => fieldsOf(issue, []));

  function fieldsOf(issue: Issue, base: Path): readonly ProblemField[] {
    const path = [...base, ...issue.path];
    const field = (reason: FieldReason): ProblemField[] => [{ pointer: toDeclaredPointer(graph, path), reason }];
    switch (issue.code) {
      case "invalid_union":
        if (isAbsent(input, path)) return field("required");
        if (issue.discriminator !== undefined) return field("not-allowed-value");
        return unionFields(issue.errors, path) ?? field(unionReason(issue.errors));
      case "invalid_type":
        return field(isAbsent(input, path) ? "required" : "wrong-type");
      case "invalid_value":
        return field(isAbsent(input, path) ? "required" : "not-allowed-value");
      case "too_small":
        return field(isMeasured(issue.origin) ? "too-short" : "too-small");
      case "too_big":
        return field(isMeasured(issue.origin) ? "too-long" : "too-big");
      case "invalid_format":
        return field(patternFormats.has(issue.format) ? "pattern" : "format");
      case "unrecognized_keys":
        return field("unknown-key");
      default:
        return field("invalid");
    }
  }

  /** The issues of the one option that the value was clearly meant for, if there is one. */
  function unionFields(options: readonly (readonly Issue[])[], path: Path): readonly ProblemField[] | undefined {
    const meant = options.filter((option) => !option.some((issue) => issue.path.length === 0 && isOfKind(issue)));
    const [only] = meant;
    return meant.length === 1 && only ? only.flatMap((issue) => fieldsOf(issue, path)) : undefined;
  }
}

function unionReason(options: readonly (readonly Issue[])[]): FieldReason {
  const codes = new Set(
    options.flatMap((option) => option.map((issue) => (issue.path.length === 0 ? issue.code : ""))),
  );
  if (codes.size !== 1) return "invalid";
  if (codes.has("invalid_type")) return "wrong-type";
  return codes.has("invalid_value") ? "not-allowed-value" : "invalid";
}

/** Whether the issue says that the value is another kind of thing altogether. */
function isOfKind(issue: Issue): boolean {
  return issue.code === "invalid_type" || issue.code === "invalid_value";
}

/** Zod's formats that are a search for text, against those with a name of their own (`email`, `uuid`). */
const patternFormats: ReadonlySet<string> = new Set([
  "regex",
  "starts_with",
  "ends_with",
  "includes",
  "template_literal",
  "lowercase",
  "uppercase",
]);

/** Whether a size is a length (of text, a list) and not the value of a number. */
function isMeasured(origin: string): boolean {
  return origin === "string" || origin === "array" || origin === "set" || origin === "file" || origin === "map";
}

function isAbsent(input: unknown, path: Path): boolean {
  let current = input;
  for (const segment of path) {
    if (Array.isArray(current) && typeof segment === "number") current = current[segment];
    else if (isRecord(current) && typeof segment === "string" && Object.hasOwn(current, segment))
      current = current[segment];
    else return true;
  }
  return current === undefined;
}

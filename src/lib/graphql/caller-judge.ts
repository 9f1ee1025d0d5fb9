import type { Access, AccessView } from "../access.ts";
import { type AccessResult, evaluateAccess, toOwnerId } from "../evaluate-access.ts";
import { readArguments } from "./argument-values.ts";
import type { GraphqlOptions } from "./option.ts";
import type { JudgedOperation } from "./operation-judge.ts";
import type { SchemaModel } from "./schema-model.ts";

/** Nobody: for fields that the policy does not name. Signing in does not help, but a stranger is not told so. */
const nobody: Access = { kind: "all", rules: [{ kind: "signed-in" }, { kind: "not", rule: { kind: "anyone" } }] };

/** The first rule that the caller does not meet, or undefined; asynchronous only where a custom rule is. */
export type CallerVerdict = Extract<AccessResult, { allowed: false }> | undefined;

/**
 * Judges who may select what an operation selects. Each place is judged with the arguments that stand there, those of
 * variables included: `user(id: $id)` is the same call as `user(id: "7")`. Every place of the document counts, also those
 * of fragments that only another of its operations spreads.
 */
export function judgeCaller(
  { document, operation, request }: JudgedOperation,
  view: AccessView,
  options: GraphqlOptions,
  schema: SchemaModel | undefined,
): CallerVerdict | Promise<CallerVerdict> {
  const pending: (() => AccessResult | Promise<AccessResult>)[] = [];
  if (document.introspects) pending.push(() => evaluateAccess(introspectionRule(options), view));
  const variables = { given: request.variables, defaults: operation.defaults };
  for (const { rule, args } of document.uses) {
    pending.push(() => {
      if (!rule.access) return evaluateAccess(nobody, view);
      const given = withDefaults(readArguments(args, variables), rule.coordinate, schema);
      return evaluateAccess(rule.access, { ...viewOf(view), params: toParams(given), query: [], parsedBody: given });
    });
  }
  return firstRefusal(pending, 0);
}

function introspectionRule({ introspection }: GraphqlOptions): Access {
  if (typeof introspection === "object") return introspection;
  return introspection ? { kind: "anyone" } : nobody;
}

function firstRefusal(
  pending: readonly (() => AccessResult | Promise<AccessResult>)[],
  from: number,
): CallerVerdict | Promise<CallerVerdict> {
  for (let at = from; at < pending.length; at++) {
    const result = pending[at]?.();
    if (result instanceof Promise) return result.then((late) => (late.allowed ? firstRefusal(pending, at + 1) : late));
    if (result && !result.allowed) return result;
  }
  return undefined;
}

/** What the service sees where the operation says nothing. */
function withDefaults(
  given: Readonly<Record<string, unknown>>,
  coordinate: string,
  schema: SchemaModel | undefined,
): Readonly<Record<string, unknown>> {
  const [type = "", field = ""] = coordinate.split(".");
  const args = schema?.types.get(type)?.get(field)?.args;
  if (!args) return given;
  const missing = [...args].flatMap(([name, value]) =>
    value && !Object.hasOwn(given, name) ? [{ name: { value: name }, value }] : [],
  );
  return { ...given, ...readArguments(missing, { given: {}, defaults: new Map() }) };
}

/** Arguments as path parameters: what owners are compared with is text. */
function toParams(given: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => {
      const id = toOwnerId(value);
      return id === undefined ? [] : [[name, id]];
    }),
  );
}

/** The members by name: an exchange's are accessors, which a spread would not copy. */
function viewOf(view: AccessView): AccessView {
  return {
    startedAt: view.startedAt,
    method: view.method,
    path: view.path,
    params: view.params,
    query: view.query,
    principal: view.principal,
    parsedBody: view.parsedBody,
    header: (name) => view.header(name),
  };
}

import type { Access, AccessView, Caller, LoginNeed, OwnerSource } from "./access.ts";
import { describeAccess } from "./describe-access.ts";
import { readOwn } from "./own-path.ts";

/** What a rule says of a request. A caller who is allowed needs no reason; one who is not gets the most useful one. */
export type AccessResult =
  | { readonly allowed: true; readonly pending: boolean }
  | {
      readonly allowed: false;
      readonly problem: "unauthenticated" | "insufficient-scope" | "login-required" | "access-denied";
      /** Plain words for the event log. */
      readonly reason: string;
      /** The scopes that would have helped, where the problem is `insufficient-scope`. */
      readonly scopes: readonly string[];
      /** The login that would have helped, where the problem is `login-required`. */
      readonly login?: LoginNeed;
    };

/**
 * Truth as far as it is known. `unknown` (who calls, or whose the object is, cannot be told) never allows, and `not`
 * keeps it unknown: else `not(owner("id"))` would let in everyone who simply sends no token. `pending` waits for the
 * body.
 */
type Truth = "yes" | "no" | "unknown" | "pending";

/** What would have helped: any credential at all, more scopes, another login, or nothing that the caller could bring. */
type Lack = "credential" | "scope" | "login" | "other";

interface Outcome {
  readonly truth: Truth;
  readonly lack: Lack;
  readonly scopes: readonly string[];
  readonly login?: LoginNeed;
}

const yes: Outcome = { truth: "yes", lack: "other", scopes: [] };
const no: Outcome = { truth: "no", lack: "other", scopes: [] };
const unknown: Outcome = { truth: "unknown", lack: "other", scopes: [] };
const pending: Outcome = { truth: "pending", lack: "other", scopes: [] };
/** Nobody has said who calls: a credential would help. */
const faceless: Outcome = { truth: "unknown", lack: "credential", scopes: [] };
const signedOut: Outcome = { truth: "no", lack: "credential", scopes: [] };

/**
 * Judges a request by a rule. Synchronous unless a custom function returns a promise.
 * With `bodyComes`, parts that need the body count as pending, and the result is a refusal only where no body could
 * change it: so that a caller without any right is turned away before a byte of the body is read.
 */
export function evaluateAccess(
  access: Access,
  view: AccessView,
  options: { readonly bodyComes?: boolean } = {},
): AccessResult | Promise<AccessResult> {
  const outcome = judge(access, view, options.bodyComes === true);
  return outcome instanceof Promise ? outcome.then((known) => conclude(access, known)) : conclude(access, outcome);
}

function conclude(access: Access, outcome: Outcome): AccessResult {
  if (outcome.truth === "yes") return { allowed: true, pending: false };
  if (outcome.truth === "pending") return { allowed: true, pending: true };
  const words = describeAccess(access);
  if (outcome.lack === "credential") {
    return { allowed: false, problem: "unauthenticated", reason: `no credential; needed: ${words}`, scopes: [] };
  }
  if (outcome.lack === "scope") {
    const reason = `missing scope; needed: ${words}`;
    return { allowed: false, problem: "insufficient-scope", reason, scopes: outcome.scopes };
  }
  if (outcome.lack === "login" && outcome.login) {
    return { allowed: false, problem: "login-required", reason: `not met: ${words}`, scopes: [], login: outcome.login };
  }
  return { allowed: false, problem: "access-denied", reason: `not met: ${words}`, scopes: [] };
}

function judge(access: Access, view: AccessView, bodyComes: boolean): Outcome | Promise<Outcome> {
  const { principal } = view;
  switch (access.kind) {
    case "anyone":
      return yes;
    case "signed-in":
      return principal.kind === "anonymous" ? signedOut : yes;
    case "scope":
      if (principal.kind === "anonymous") return faceless;
      if (access.names.length > 0 && access.names.every((name) => principal.scopes.has(name))) return yes;
      return { truth: "no", lack: "scope", scopes: access.names };
    case "role":
      if (principal.kind === "anonymous") return faceless;
      return access.names.some((name) => principal.roles.has(name)) ? yes : no;
    case "claim":
      if (principal.kind === "anonymous") return faceless;
      return claimIs(readClaim(principal, access.name), access.values) ? yes : no;
    case "owner":
      if (principal.kind === "anonymous") return faceless;
      if (bodyComes && "body" in access.of) return pending;
      return judgeOwner(readClaim(principal, access.claim), readSource(access.of, view));
    case "login":
      if (principal.kind === "anonymous") return faceless;
      return signedInSo(access, principal, view.startedAt)
        ? yes
        : { truth: "no", lack: "login", scopes: [], login: access };
    case "any":
    case "all":
      return judgeAll(access, view, bodyComes);
    case "not":
      return negate(judge(access.rule, view, bodyComes));
    case "custom":
      return judgeCustom(access.decide, view);
    default:
      // Data that no schema has seen: what is not understood is not a yes.
      return unknown;
  }
}

/** What a token or a session does not say of its login counts as not met. */
function signedInSo({ maxAgeSeconds, acr, amr }: LoginNeed, caller: Caller, now: number): boolean {
  const authTime = readClaim(caller, "auth_time");
  const isRecent = typeof authTime === "number" && now / 1000 - authTime <= (maxAgeSeconds ?? Number.POSITIVE_INFINITY);
  if (maxAgeSeconds !== undefined && !isRecent) return false;
  if (acr !== undefined && !claimIs(readClaim(caller, "acr"), acr)) return false;
  const methods = readClaim(caller, "amr");
  return amr === undefined || (Array.isArray(methods) && amr.every((method) => methods.includes(method)));
}

function judgeOwner(claimed: unknown, asked: unknown): Outcome {
  const caller = toOwnerId(claimed);
  const wanted = toOwnerId(asked);
  if (caller === undefined || wanted === undefined) return unknown;
  return caller === wanted ? yes : no;
}

function judgeCustom(decide: (view: AccessView) => unknown, view: AccessView): Outcome | Promise<Outcome> {
  try {
    const decided = decide(view);
    if (decided instanceof Promise) return decided.then(fromDecision, () => unknown);
    return fromDecision(decided);
  } catch {
    return unknown;
  }
}

function fromDecision(decided: unknown): Outcome {
  if (decided === true) return yes;
  return decided === false ? no : unknown;
}

function negate(outcome: Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
  if (outcome instanceof Promise) return outcome.then(negate);
  if (outcome.truth === "yes") return no;
  return outcome.truth === "no" ? yes : outcome;
}

function judgeAll(
  access: Extract<Access, { rules: readonly Access[] }>,
  view: AccessView,
  bodyComes: boolean,
): Outcome | Promise<Outcome> {
  const outcomes = access.rules.map((rule) => judge(rule, view, bodyComes));
  const combine = access.kind === "any" ? combineAny : combineAll;
  return outcomes.every(isSettled) ? combine(outcomes) : Promise.all(outcomes).then(combine);
}

function isSettled(outcome: Outcome | Promise<Outcome>): outcome is Outcome {
  return !(outcome instanceof Promise);
}

function combineAny(outcomes: readonly Outcome[]): Outcome {
  const found = (truth: Truth): Outcome | undefined => outcomes.find((outcome) => outcome.truth === truth);
  const good = found("yes") ?? found("pending");
  if (good) return good;
  const truth = found("unknown") ? "unknown" : "no";
  // One way in is enough, so the easiest to open is worth naming: signing in first, then a scope.
  const easiest =
    outcomes.find(({ lack }) => lack === "credential") ??
    outcomes.find(({ lack }) => lack === "scope") ??
    outcomes.find(({ lack }) => lack === "login") ??
    no;
  return { ...easiest, truth };
}

function combineAll(outcomes: readonly Outcome[]): Outcome {
  const failed = outcomes.filter(({ truth }) => truth === "no" || truth === "unknown");
  if (failed.length === 0) {
    if (outcomes.length === 0) return unknown;
    return outcomes.some(({ truth }) => truth === "pending") ? pending : yes;
  }
  const truth = failed.some((outcome) => outcome.truth === "no") ? "no" : "unknown";
  if (failed.some(({ lack }) => lack === "credential")) return { ...faceless, truth };
  // More scope helps only where nothing else stands in the way.
  if (failed.some(({ lack }) => lack === "other")) return { ...no, truth };
  const another = failed.find(({ lack }) => lack === "login");
  if (another) return { ...another, truth };
  return { truth, lack: "scope", scopes: [...new Set(failed.flatMap(({ scopes }) => scopes))] };
}

function claimIs(actual: unknown, values: readonly unknown[]): boolean {
  return Array.isArray(actual) ? actual.some((one) => values.includes(one)) : values.includes(actual);
}

/** The value of a claim: of that very name (names of claims are often URLs), else by the dotted path. */
export function readClaim(caller: Caller, name: string): unknown {
  if (caller.kind === "anonymous") return undefined;
  if (name === "sub") return caller.subject;
  return Object.hasOwn(caller.claims, name) ? caller.claims[name] : readOwn(caller.claims, name);
}

/**
 * An id as owners are compared: text, or a whole number written out. Anything else owns nothing, and neither do empty
 * text and numbers above 2^53, of which two different ones can look the same.
 */
export function toOwnerId(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined;
}

function readSource(of: OwnerSource, view: AccessView): unknown {
  if ("param" in of) return Object.hasOwn(view.params, of.param) ? view.params[of.param] : undefined;
  if ("body" in of) return readOwn(view.parsedBody, of.body);
  // A repeated key is read differently by different backends: then nobody can say whose it is.
  const values = view.query.filter(([name]) => name === of.query);
  return values.length === 1 ? values[0]?.[1] : undefined;
}

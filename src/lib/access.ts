import { parseDuration } from "./duration.ts";

/** Where the id that must belong to the caller stands in the request. A `body` path is dotted: `customer.id`. */
export type OwnerSource = { readonly param: string } | { readonly query: string } | { readonly body: string };

/** A value that a claim of a token may be compared with. */
export type ClaimValue = string | number | boolean;

/**
 * Who may call, as plain data: it can be written by hand in a JSON policy, printed, compared and proven. The function
 * of `custom` is the one exception, which is why reports mark such rules as not provable.
 */
export type Access =
  | { readonly kind: "anyone" }
  | { readonly kind: "signed-in" }
  | { readonly kind: "scope"; readonly names: readonly string[] }
  | { readonly kind: "role"; readonly names: readonly string[] }
  | { readonly kind: "claim"; readonly name: string; readonly values: readonly ClaimValue[] }
  | { readonly kind: "owner"; readonly of: OwnerSource; readonly claim: string }
  | ({ readonly kind: "login" } & LoginNeed)
  | { readonly kind: "any"; readonly rules: readonly Access[] }
  | { readonly kind: "all"; readonly rules: readonly Access[] }
  | { readonly kind: "not"; readonly rule: Access }
  | { readonly kind: "custom"; readonly name: string; readonly decide: CustomAccess };

/** How somebody must have signed in: what is not said does not matter. */
export interface LoginNeed {
  /** The oldest login that is good enough. */
  readonly maxAgeSeconds?: number | undefined;
  /** Authentication context class references (`acr`), any of which is enough. */
  readonly acr?: readonly string[] | undefined;
  /** Authentication methods (`amr`), all of which are needed. */
  readonly amr?: readonly string[] | undefined;
}

/** Who calls, as far as access rules look: a principal of an exchange fits. */
export type Caller =
  | { readonly kind: "anonymous" }
  | {
      readonly kind: "token";
      readonly subject: string;
      readonly scopes: ReadonlySet<string>;
      readonly roles: ReadonlySet<string>;
      readonly claims: Readonly<Record<string, unknown>>;
    };

/** What access rules see of a request: an exchange fits. */
export interface AccessView {
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly method: string;
  /** Canonical path, percent-encoded. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly principal: Caller;
  /** The judged body; `undefined` before the content stage, so a `custom` rule must not rely on it. */
  readonly parsedBody: unknown;
  header(name: string): string | undefined;
}

/** The function of a `custom` rule. Only `true` allows; a throw, a rejection and any other value deny. */
export type CustomAccess = (view: AccessView) => boolean | Promise<boolean>;

/** Everybody, with or without a credential: the written form of "public". */
export function anyone(): Access {
  return { kind: "anyone" };
}

/** Every caller whose credential was verified. */
export function signedIn(): Access {
  return { kind: "signed-in" };
}

/** Callers whose token carries all of these scopes. */
export function scope(...names: [string, ...string[]]): Access {
  return { kind: "scope", names };
}

/** Callers who have any of these roles. */
export function role(...names: [string, ...string[]]): Access {
  return { kind: "role", names };
}

/** Callers whose token says one of these values under that claim; a dotted name reaches into nested claims. */
export function claim(name: string, values: ClaimValue | readonly ClaimValue[]): Access {
  return { kind: "claim", name, values: typeof values === "object" ? values : [values] };
}

/**
 * The caller to whom the request's object belongs: an id of the path, the query or the body equals a claim of the token
 * (`sub` unless said). `owner("userId")` is short for the path parameter of that name.
 */
export function owner(of: string | OwnerSource, options: { readonly claim?: string } = {}): Access {
  return { kind: "owner", of: typeof of === "string" ? { param: of } : of, claim: options.claim ?? "sub" };
}

/**
 * Callers who signed in recently enough, or in a way that is strong enough: `login({ maxAge: "5min" })`,
 * `login({ acr: ["phr"] })`. Who did not is told what to ask of the next sign-in (RFC 9470).
 */
export function login(need: {
  readonly maxAge?: string;
  readonly acr?: readonly string[];
  readonly amr?: readonly string[];
}): Access {
  const { maxAge, ...others } = need;
  const seconds = maxAge === undefined ? {} : { maxAgeSeconds: Math.floor(parseDuration(maxAge) / 1000) };
  return { kind: "login", ...seconds, ...others };
}

/** Callers whom at least one of these rules allows. */
export function any(...rules: [Access, ...Access[]]): Access {
  return { kind: "any", rules };
}

/** Callers whom every one of these rules allows. */
export function all(...rules: [Access, ...Access[]]): Access {
  return { kind: "all", rules };
}

/** Callers whom this rule refuses for a known reason; whatever is unknown about a caller never turns into a yes. */
export function not(rule: Access): Access {
  return { kind: "not", rule };
}

/** A decision in code, for what no other rule can say. It is named, since reports can only quote the name. */
export function custom(name: string, decide: CustomAccess): Access {
  return { kind: "custom", name, decide };
}

/** Whether any part of the rule satisfies `test`. */
export function someRule(access: Access, test: (rule: Access) => boolean): boolean {
  if (test(access)) return true;
  if (access.kind === "any" || access.kind === "all") return access.rules.some((rule) => someRule(rule, test));
  return access.kind === "not" && someRule(access.rule, test);
}

/** Whether the rule can be decided only once the body is parsed. */
export function readsBody(access: Access): boolean {
  return someRule(access, (rule) => rule.kind === "owner" && "body" in rule.of);
}

/** Whether the rule is data throughout, so that reports may state what it allows; a function is not. */
export function isProvable(access: Access): boolean {
  return !someRule(access, (rule) => rule.kind === "custom");
}

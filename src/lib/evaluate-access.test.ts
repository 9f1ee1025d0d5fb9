import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Access,
  type AccessView,
  all,
  any,
  anyone,
  type Caller,
  claim,
  custom,
  not,
  owner,
  role,
  login,
  scope,
  signedIn,
} from "./access.ts";
import { type AccessResult, evaluateAccess } from "./evaluate-access.ts";

const anonymous: Caller = { kind: "anonymous" };

function token(
  more: { scopes?: string[]; roles?: string[]; claims?: Record<string, unknown>; subject?: string } = {},
): Caller {
  const { scopes = [], roles = [], claims = {}, subject = "alice" } = more;
  return { kind: "token", subject, scopes: new Set(scopes), roles: new Set(roles), claims };
}

function view(principal: Caller, more: Partial<AccessView> = {}): AccessView {
  return {
    startedAt: 1_800_000_000_000,
    method: "GET",
    path: "/x",
    params: {},
    query: [],
    parsedBody: undefined,
    header: () => undefined,
    principal,
    ...more,
  };
}

function judge(access: Access, seen: AccessView, options?: { bodyComes: boolean }): AccessResult {
  const result = evaluateAccess(access, seen, options);
  if (result instanceof Promise) throw new Error("expected a synchronous result");
  return result;
}

const allowed = (access: Access, seen: AccessView): boolean => judge(access, seen).allowed;
const problemOf = (access: Access, seen: AccessView): string => {
  const result = judge(access, seen);
  return result.allowed ? "allowed" : result.problem;
};

describe("single rules", () => {
  test("allow and refuse by scope, role and claim", () => {
    const alice = view(
      token({ scopes: ["a", "b"], roles: ["editor"], claims: { tenant: "north", groups: ["x", "y"], n: 1 } }),
    );
    expect(allowed(scope("a", "b"), alice)).toBe(true);
    expect(allowed(scope("a", "c"), alice)).toBe(false);
    expect(allowed(role("admin", "editor"), alice)).toBe(true);
    expect(allowed(role("admin"), alice)).toBe(false);
    expect(allowed(claim("tenant", ["south", "north"]), alice)).toBe(true);
    expect(allowed(claim("groups", "y"), alice)).toBe(true);
    expect(allowed(claim("n", "1"), alice)).toBe(false);
    expect(allowed(claim("toString", "x"), alice)).toBe(false);
  });

  test("read nested claims and claims whose name is a URL", () => {
    const claims = { realm: { team: "red" }, "https://shop.example/role": "staff" };
    expect(allowed(claim("realm.team", "red"), view(token({ claims })))).toBe(true);
    expect(allowed(claim("https://shop.example/role", "staff"), view(token({ claims })))).toBe(true);
    expect(allowed(claim("realm.constructor.name", "Object"), view(token({ claims })))).toBe(false);
  });

  test("tie the path, the query or the body to the caller", () => {
    expect(allowed(owner("id"), view(token(), { params: { id: "alice" } }))).toBe(true);
    expect(allowed(owner("id"), view(token(), { params: { id: "bob" } }))).toBe(false);
    expect(allowed(owner("id"), view(token(), { params: { id: "Alice" } }))).toBe(false);
    expect(allowed(owner({ query: "id" }), view(token(), { query: [["id", "alice"]] }))).toBe(true);
    expect(allowed(owner({ body: "c.id" }), view(token(), { parsedBody: { c: { id: "alice" } } }))).toBe(true);
    expect(allowed(owner({ body: "c.id" }), view(token(), { parsedBody: { c: { id: "bob" } } }))).toBe(false);
    expect(allowed(owner({ body: "c.id" }), view(token(), { parsedBody: undefined }))).toBe(false);
  });

  test("compare a number in a claim with the text of a path", () => {
    const caller = token({ claims: { customer: 42 } });
    expect(allowed(owner("id", { claim: "customer" }), view(caller, { params: { id: "42" } }))).toBe(true);
    expect(allowed(owner("id", { claim: "customer" }), view(caller, { params: { id: "42.0" } }))).toBe(false);
  });

  test("own nothing by an empty, a missing or an unsafe id", () => {
    expect(allowed(owner("id"), view(token({ subject: "" }), { params: { id: "" } }))).toBe(false);
    expect(allowed(owner("id", { claim: "customer" }), view(token(), { params: { id: "undefined" } }))).toBe(false);
    const huge = token({ claims: { customer: 2 ** 53 } });
    expect(allowed(owner("id", { claim: "customer" }), view(huge, { params: { id: "9007199254740992" } }))).toBe(false);
    const list = token({ claims: { customer: ["a"] } });
    expect(allowed(owner("id", { claim: "customer" }), view(list, { params: { id: "a" } }))).toBe(false);
    expect(allowed(owner("toString"), view(token()))).toBe(false);
  });

  test("own nothing by a query key that is given twice", () => {
    const twice = view(token(), {
      query: [
        ["id", "alice"],
        ["id", "bob"],
      ],
    });
    expect(allowed(owner({ query: "id" }), twice)).toBe(false);
    expect(allowed(not(owner({ query: "id" })), twice)).toBe(false);
  });
});

describe("how somebody signed in", () => {
  const signedInAt = (secondsAgo: number, more: Record<string, unknown> = {}) =>
    view(token({ claims: { auth_time: 1_800_000_000 - secondsAgo, ...more } }));

  test.each<[string, Access, AccessView, boolean]>([
    ["recently", login({ maxAge: "5min" }), signedInAt(300), true],
    ["too long ago", login({ maxAge: "5min" }), signedInAt(301), false],
    ["nobody knows when", login({ maxAge: "5min" }), view(token()), false],
    ["at a time that is none", login({ maxAge: "5min" }), view(token({ claims: { auth_time: "1800000000" } })), false],
    ["at one of the levels", login({ acr: ["mfa", "phr"] }), signedInAt(9, { acr: "phr" }), true],
    ["at another level", login({ acr: ["phr"] }), signedInAt(9, { acr: "pwd" }), false],
    ["at no level", login({ acr: ["phr"] }), signedInAt(9), false],
    ["by all of the methods", login({ amr: ["otp", "pwd"] }), signedInAt(9, { amr: ["pwd", "otp", "x"] }), true],
    ["by one of the methods", login({ amr: ["otp", "pwd"] }), signedInAt(9, { amr: ["pwd"] }), false],
    ["by a method that is a text", login({ amr: ["otp"] }), signedInAt(9, { amr: "otp" }), false],
    ["recently, but not strongly", login({ maxAge: "5min", acr: ["phr"] }), signedInAt(9), false],
  ])("%s", (_, rule, seen, allowed) => expect(judge(rule, seen).allowed).toBe(allowed));

  test("what is missing is another login, unless more than that is", () => {
    const need = login({ maxAge: "5min", acr: ["phr"] });
    expect(judge(need, signedInAt(999))).toMatchObject({
      problem: "login-required",
      login: { maxAgeSeconds: 300, acr: ["phr"] },
    });
    expect(judge(need, view(anonymous))).toMatchObject({ problem: "unauthenticated" });
    expect(judge(all(need, scope("a")), signedInAt(999))).toMatchObject({ problem: "login-required" });
    expect(judge(all(need, owner("id")), signedInAt(999))).toMatchObject({ problem: "access-denied" });
    expect(judge(any(need, scope("a")), signedInAt(999))).toMatchObject({ problem: "insufficient-scope" });
    expect(judge(not(need), view(anonymous)).allowed).toBe(false);
  });
});

describe("the reason", () => {
  test("is a missing credential where nobody said who calls", () => {
    for (const rule of [signedIn(), scope("a"), role("a"), claim("a", 1), owner("id"), not(owner("id"))]) {
      expect(problemOf(rule, view(anonymous, { params: { id: "x" } }))).toBe("unauthenticated");
    }
    expect(
      problemOf(
        custom("closed", () => false),
        view(anonymous),
      ),
    ).toBe("access-denied");
  });

  test("is the missing scope only where more scope would open the door", () => {
    const bob = view(token({ subject: "bob", scopes: ["a"] }), { params: { id: "alice" } });
    expect(judge(scope("a", "b"), bob)).toMatchObject({ problem: "insufficient-scope", scopes: ["a", "b"] });
    expect(judge(all(scope("b"), scope("c")), bob)).toMatchObject({
      problem: "insufficient-scope",
      scopes: ["b", "c"],
    });
    expect(problemOf(all(scope("b"), owner("id")), bob)).toBe("access-denied");
    expect(problemOf(any(scope("b"), owner("id")), bob)).toBe("insufficient-scope");
    expect(problemOf(owner("id"), bob)).toBe("access-denied");
    expect(problemOf(not(signedIn()), bob)).toBe("access-denied");
  });

  test("says in words what was not met, without a value of the request", () => {
    const result = judge(owner("id"), view(token(), { params: { id: "bob-secret-id" } }));
    expect(result).toMatchObject({ reason: "not met: the caller's sub equals the path parameter id" });
  });
});

describe("what is unknown never allows", () => {
  test("not even when it is negated, twice negated, or one of several", () => {
    const nobody = view(anonymous, { params: { id: "alice" } });
    const rules = [owner("id"), role("x"), scope("x"), claim("x", 1)];
    for (const rule of rules) {
      expect(allowed(not(rule), nobody)).toBe(false);
      expect(allowed(not(not(rule)), nobody)).toBe(false);
      expect(allowed(any(rule, not(rule)), nobody)).toBe(false);
      expect(allowed(not(all(rule, anyone())), nobody)).toBe(false);
    }
    expect(allowed(not(signedIn()), nobody)).toBe(true);
    expect(allowed(not(owner("id")), view(token({ subject: "bob" }), { params: { id: "alice" } }))).toBe(true);
    expect(allowed(not(owner("missing")), view(token()))).toBe(false);
  });

  test("nor when a custom function throws, rejects or answers with something else than a boolean", async () => {
    const fails = custom("fails", () => {
      throw new Error("inside");
    });
    expect(allowed(fails, view(token()))).toBe(false);
    expect(allowed(not(fails), view(token()))).toBe(false);
    const rejects = custom("rejects", () => Promise.reject(new Error("inside")));
    expect(await evaluateAccess(not(rejects), view(token()))).toMatchObject({ allowed: false });
    // A policy in plain JavaScript may return anything.
    const truthy = custom("truthy", () => "yes" as unknown as boolean);
    expect(allowed(truthy, view(token()))).toBe(false);
    expect(allowed(not(truthy), view(token()))).toBe(false);
  });

  test("nor when the data is of no kind that the evaluation knows", () => {
    const odd = { kind: "everyone" } as unknown as Access;
    expect(allowed(odd, view(token()))).toBe(false);
    expect(allowed(not(odd), view(token()))).toBe(false);
    expect(allowed({ kind: "all", rules: [] }, view(token()))).toBe(false);
    expect(allowed({ kind: "scope", names: [] }, view(token()))).toBe(false);
  });

  test("for any combination of rules about a caller, an anonymous request gets in nowhere", () => {
    const leaf = fc.constantFrom<Access>(owner("id"), role("a"), scope("a"), claim("a", 1));
    const { rule } = fc.letrec<{ rule: Access }>((tie) => ({
      rule: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("rule"), { minLength: 1, maxLength: 3 }).map(([first = anyone(), ...rest]) => any(first, ...rest)),
        fc.array(tie("rule"), { minLength: 1, maxLength: 3 }).map(([first = anyone(), ...rest]) => all(first, ...rest)),
        tie("rule").map(not),
      ),
    }));
    fc.assert(fc.property(rule, (access) => !allowed(access, view(anonymous, { params: { id: "1" } }))));
  });
});

describe("custom functions", () => {
  test("may answer later, inside any combination", async () => {
    const later = (answer: boolean): Access => custom("later", () => Promise.resolve(answer));
    expect(await evaluateAccess(all(signedIn(), later(true)), view(token()))).toMatchObject({ allowed: true });
    expect(await evaluateAccess(any(role("x"), later(false)), view(token()))).toMatchObject({ allowed: false });
    expect(await evaluateAccess(not(later(false)), view(token()))).toMatchObject({ allowed: true });
  });
});

describe("before the body is there", () => {
  const rule = any(role("admin"), owner({ body: "id" }));
  const early = { bodyComes: true };

  test("a rule that the body may still satisfy is pending", () => {
    expect(judge(rule, view(token()), early)).toEqual({ allowed: true, pending: true });
    expect(judge(not(owner({ body: "id" })), view(token()), early)).toEqual({ allowed: true, pending: true });
    expect(judge(rule, view(token({ roles: ["admin"] })), early)).toEqual({ allowed: true, pending: false });
  });

  test("a caller whom no body could help is refused", () => {
    expect(judge(rule, view(anonymous), early)).toMatchObject({ problem: "unauthenticated" });
    expect(judge(all(role("admin"), owner({ body: "id" })), view(token()), early)).toMatchObject({
      problem: "access-denied",
    });
  });
});

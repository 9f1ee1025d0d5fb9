import { describe, expect, test } from "vitest";
import {
  type Access,
  all,
  any,
  anyone,
  claim,
  custom,
  isProvable,
  not,
  owner,
  readsBody,
  role,
  scope,
  signedIn,
} from "./access.ts";
import { accessOption } from "./access-option.ts";
import { describeAccess } from "./describe-access.ts";

describe("access rules as data", () => {
  const rules: readonly Access[] = [
    anyone(),
    signedIn(),
    scope("orders:read", "orders:write"),
    role("admin", "support"),
    claim("tenant", "north"),
    claim("level", [1, 2]),
    owner("userId"),
    owner({ query: "user" }, { claim: "customer" }),
    owner({ body: "customer.id" }),
    any(role("admin"), all(signedIn(), not(scope("guest")))),
  ];

  test.each(rules)("survive JSON and the policy schema: %j", (rule) => {
    expect(accessOption.parse(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
  });

  test("name the parameter shortly or in full", () => {
    expect(owner("userId")).toEqual({ kind: "owner", of: { param: "userId" }, claim: "sub" });
    expect(owner({ param: "userId" })).toEqual(owner("userId"));
    expect(accessOption.parse({ kind: "owner", of: { param: "userId" } })).toEqual(owner("userId"));
  });

  test("keep the function of a custom rule", () => {
    const decide = () => true;
    expect(accessOption.parse(custom("office hours", decide))).toEqual({
      kind: "custom",
      name: "office hours",
      decide,
    });
  });

  test.each([
    ["an unknown kind", { kind: "everyone" }],
    ["an unknown key", { kind: "anyone", unless: "banned" }],
    ["an empty all, which would be true of everybody", { kind: "all", rules: [] }],
    ["an empty any", { kind: "any", rules: [] }],
    ["an empty scope", { kind: "scope", names: [] }],
    ["a scope that would break out of the challenge header", { kind: "scope", names: ['a", error="none'] }],
    ["an owner in two places", { kind: "owner", of: { param: "a", query: "b" } }],
    ["a bad rule deep inside", { kind: "not", rule: { kind: "any", rules: [{ kind: "role", names: [] }] } }],
    ["a custom rule without a function", { kind: "custom", name: "x", decide: "yes" }],
  ])("refuse %s", (_, rule) => {
    expect(accessOption.safeParse(rule).success).toBe(false);
  });

  test("tell whether they need the body and whether they can be proven", () => {
    expect(readsBody(any(role("admin"), owner({ body: "id" })))).toBe(true);
    expect(readsBody(any(role("admin"), owner("id")))).toBe(false);
    expect(isProvable(not(all(signedIn(), role("a"))))).toBe(true);
    expect(
      isProvable(
        not(
          all(
            signedIn(),
            custom("x", () => true),
          ),
        ),
      ),
    ).toBe(false);
  });
});

describe("access rules in words", () => {
  test.each<[Access, string]>([
    [anyone(), "anyone"],
    [signedIn(), "the caller is signed in"],
    [scope("a"), "the caller's token carries the scope a"],
    [scope("a", "b", "c"), "the caller's token carries the scopes a, b and c"],
    [role("admin", "support"), "the caller has the role admin or support"],
    [claim("level", [1, 2]), "the caller's claim level is 1 or 2"],
    [owner("userId"), "the caller's sub equals the path parameter userId"],
    [owner({ query: "user" }, { claim: "customer" }), "the caller's customer equals the query key user"],
    [owner({ body: "customer.id" }), "the caller's sub equals the body field customer.id"],
    [not(role("guest")), "not (the caller has the role guest)"],
    [
      all(signedIn(), any(role("admin"), owner("id"))),
      "the caller is signed in and (the caller has the role admin or the caller's sub equals the path parameter id)",
    ],
    [custom("office hours", () => true), 'the policy\'s function "office hours" agrees (not provable)'],
  ])("%# say what must hold", (rule, words) => {
    expect(describeAccess(rule)).toBe(words);
  });
});

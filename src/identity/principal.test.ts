import { expect, test } from "vitest";
import { type ClaimNames, readClaim, toPrincipal } from "./principal.ts";

const names: ClaimNames = {
  issuer: "https://id.example",
  subjectClaim: "sub",
  rolesClaim: "roles",
  scopeClaim: undefined,
};

test.each([
  ["one text, separated by spaces", { scope: "orders:read  profile" }, ["orders:read", "profile"]],
  ["a list", { scope: ["orders:read", "profile"] }, ["orders:read", "profile"]],
  ["scp where there is no scope", { scp: "orders:read" }, ["orders:read"]],
  ["scope where both are there", { scope: "profile", scp: "orders:read" }, ["profile"]],
  ["nothing", {}, []],
  ["a list with other things in it", { scope: ["profile", 7, null, ["admin"]] }, ["profile"]],
  ["an object", { scope: { admin: true } }, []],
])("reads scopes from %s", (_, claims, scopes) => {
  expect(toPrincipal({ sub: "alice", ...claims }, names)?.scopes).toEqual(new Set(scopes));
});

test("reads scopes from the claim that the policy names and from no other", () => {
  const principal = toPrincipal(
    { sub: "alice", scope: "admin", permissions: ["read"] },
    { ...names, scopeClaim: "permissions" },
  );
  expect(principal?.scopes).toEqual(new Set(["read"]));
});

test("reads roles by a dot path, and a claim whose own name has dots first", () => {
  const nested = { sub: "alice", realm_access: { roles: ["editor"] } };
  expect(toPrincipal(nested, { ...names, rolesClaim: "realm_access.roles" })?.roles).toEqual(new Set(["editor"]));
  const named = { sub: "alice", "https://shop.example/roles": ["admin"] };
  expect(toPrincipal(named, { ...names, rolesClaim: "https://shop.example/roles" })?.roles).toEqual(new Set(["admin"]));
});

test("takes a role that is one text as one role", () => {
  expect(toPrincipal({ sub: "alice", roles: "shop keeper" }, names)?.roles).toEqual(new Set(["shop keeper"]));
});

test("names the caller by another claim where the policy says so", () => {
  expect(toPrincipal({ sub: "alice", azp: "storefront" }, { ...names, subjectClaim: "azp" })?.subject).toBe(
    "storefront",
  );
});

test("does not find what objects inherit", () => {
  expect(readClaim({}, "constructor.name")).toBeUndefined();
  expect(readClaim({ profile: {} }, "profile.toString")).toBeUndefined();
  expect(readClaim({ groups: ["a"] }, "groups.length")).toBeUndefined();
});

test("freezes the claims to the ground, since one object serves many requests", () => {
  const principal = toPrincipal({ sub: "alice", address: { city: "Porto" }, groups: ["a"] }, names);
  expect(Object.isFrozen(principal?.claims)).toBe(true);
  expect(Object.isFrozen(principal?.claims["address"])).toBe(true);
  expect(Object.isFrozen(principal?.claims["groups"])).toBe(true);
});

import type { Access, LoginNeed, OwnerSource } from "./access.ts";

/** The rule in plain words, for `explain`, the reports and the event log: never a value of a request. */
export function describeAccess(access: Access): string {
  switch (access.kind) {
    case "anyone":
      return "anyone";
    case "signed-in":
      return "the caller is signed in";
    case "scope":
      return `the caller's token carries the scope${access.names.length > 1 ? "s" : ""} ${list(access.names, "and")}`;
    case "role":
      return `the caller has the role ${list(access.names, "or")}`;
    case "claim":
      return `the caller's claim ${access.name} is ${list(access.values.map(String), "or")}`;
    case "owner":
      return `the caller's ${access.claim} equals ${describeSource(access.of)}`;
    case "login":
      return describeLogin(access);
    case "any":
      return group(access.rules, " or ");
    case "all":
      return group(access.rules, " and ");
    case "not":
      return `not (${describeAccess(access.rule)})`;
    case "custom":
      return `the policy's function "${access.name}" agrees (not provable)`;
  }
}

function describeLogin({ maxAgeSeconds, acr, amr }: LoginNeed): string {
  const needs = [
    ...(maxAgeSeconds === undefined ? [] : [`within ${maxAgeSeconds} s`]),
    ...(acr === undefined ? [] : [`at the level ${list(acr, "or")}`]),
    ...(amr === undefined ? [] : [`by ${list(amr, "and")}`]),
  ];
  return ["the caller signed in", ...needs].join(" ");
}

function describeSource(of: OwnerSource): string {
  if ("param" in of) return `the path parameter ${of.param}`;
  return "query" in of ? `the query key ${of.query}` : `the body field ${of.body}`;
}

function group(rules: readonly Access[], word: string): string {
  const parts = rules.map((rule) => {
    const words = describeAccess(rule);
    return rule.kind === "any" || rule.kind === "all" ? `(${words})` : words;
  });
  return parts.join(word);
}

function list(names: readonly string[], word: string): string {
  const last = names.at(-1) ?? "";
  return names.length > 1 ? `${names.slice(0, -1).join(", ")} ${word} ${last}` : last;
}

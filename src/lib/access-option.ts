import { z } from "zod";
import type { Access, CustomAccess, OwnerSource } from "./access.ts";

/** A rule as it may be written by hand: an owner without a claim is the token's `sub`. */
export type AccessInput =
  | Exclude<Access, { kind: "owner" | "any" | "all" | "not" }>
  | { readonly kind: "owner"; readonly of: OwnerSource; readonly claim?: string | undefined }
  | { readonly kind: "any" | "all"; readonly rules: readonly AccessInput[] }
  | { readonly kind: "not"; readonly rule: AccessInput };

// RFC 6749 section 3.3: a scope with a quote, a space or a line break could not be named in a challenge.
const scopeName = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, "A scope is printable ASCII without space, quote and backslash.");
const name = z.string().min(1);
const kind = <const Kind extends string>(value: Kind) => z.literal(value).meta({ description: "The kind of rule." });
const source = z
  .union([
    z.strictObject({ param: name.meta({ description: "The path parameter that holds the owner's id." }) }),
    z.strictObject({ query: name.meta({ description: "The query key that holds the owner's id." }) }),
    z.strictObject({ body: name.meta({ description: "The dotted path to the owner's id in the body." }) }),
  ])
  .meta({ description: "Where the owner's id stands." });

const ownerClaim = name.default("sub").meta({ description: "The claim that holds the caller's id." });

const rules = z
  .array(z.lazy(() => accessOption))
  .min(1)
  .meta({ description: "The rules that are combined." });
const negated = z.lazy(() => accessOption).meta({ description: "The rule that must not hold." });

/** The policy schema of an access rule: the data form that the builders return. */
export const accessOption: z.ZodType<Access, AccessInput> = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: kind("anyone") }),
    z.strictObject({ kind: kind("signed-in") }),
    z.strictObject({
      kind: kind("scope"),
      names: z.array(scopeName).min(1).meta({ description: "Scopes, all of which are needed." }),
    }),
    z.strictObject({
      kind: kind("role"),
      names: z.array(name).min(1).meta({ description: "Roles, any of which is enough." }),
    }),
    z.strictObject({
      kind: kind("claim"),
      name: name.meta({ description: "The claim; a dotted name reaches into nested claims." }),
      values: z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .min(1)
        .meta({ description: "Values, any of which is enough." }),
    }),
    z.strictObject({ kind: kind("owner"), of: source, claim: ownerClaim }),
    z.strictObject({
      kind: kind("login"),
      maxAgeSeconds: z.int().min(0).optional().meta({ description: "The oldest login that is good enough." }),
      acr: z.array(scopeName).min(1).optional().meta({ description: "`acr` values, any of which is enough." }),
      amr: z.array(scopeName).min(1).optional().meta({ description: "`amr` values, all of which are needed." }),
    }),
    z.strictObject({
      kind: kind("any"),
      rules,
    }),
    // An empty list would be true of everybody.
    z.strictObject({
      kind: kind("all"),
      rules,
    }),
    z.strictObject({
      kind: kind("not"),
      rule: negated,
    }),
    z.strictObject({
      kind: kind("custom"),
      name: name.meta({ description: "What reports call it." }),
      decide: z
        .custom<CustomAccess>((value) => typeof value === "function", "A custom rule needs a function.")
        .meta({ description: "The decision, in code." }),
    }),
  ])
  .meta({
    description:
      "Who may call: a rule built by anyone, signedIn, scope, role, claim, owner, login, any, all, not or custom.",
  });

/** What the policy key `access` takes: a rule, or a rule and how its refusals look. */
export const accessSettings = z.union([
  accessOption,
  z.strictObject({
    rule: accessOption,
    denyAs: z
      .union([z.literal(403), z.literal(404)])
      .default(403)
      .meta({
        description:
          "404 answers a refusal like a route that does not exist, so that ids cannot be tried out. Callers without a credential still get 401.",
      }),
  }),
]);
export type AccessSettings = z.output<typeof accessSettings>;

/** The rule and its denial, whichever way they were written. */
export function readAccess(settings: AccessSettings): { readonly rule: Access; readonly denyAs: 403 | 404 } {
  return "kind" in settings ? { rule: settings, denyAs: 403 } : settings;
}

import type { z } from "zod";
import type { guards } from "../guards/registry.gen.ts";
import type { UpstreamInput } from "../upstream/options.ts";
import type { policySchema, routeExtras } from "./schema.ts";

type AnyGuard = (typeof guards)[number];

/** The policy key of any guard. */
export type GuardKey = AnyGuard["key"];

type InputOf<G extends AnyGuard> = G["list"] extends true
  ? z.input<G["options"]> | readonly z.input<G["options"]>[]
  : z.input<G["options"]>;

/** What every guard takes under its policy key. */
type GuardInputs = { readonly [Key in AnyGuard["key"]]?: InputOf<Extract<AnyGuard, { key: Key }>> };

/** The policy's own keys, without those of guards. */
type PolicyBase = Omit<z.input<typeof policySchema>, "routes" | "upstreams" | AnyGuard["key"]>;
type RouteExtras = { readonly [Key in keyof typeof routeExtras]?: z.input<(typeof routeExtras)[Key]> };

/**
 * What a route says: where it leads, who may call it (written even where that is `anyone()`), and what each guard is to
 * do there.
 */
export type RouteInput<To extends string = string> = Omit<GuardInputs, "access"> &
  RouteExtras & {
    /** The name of the upstream that serves it. */
    readonly to: To;
    /** Who may call. There is no default. */
    readonly access: InputOf<Extract<AnyGuard, { key: "access" }>>;
  };

/** A route of a policy: its match and what it says. */
export type Route<To extends string = string> = RouteInput<To> & { readonly match: string };

/** A policy as it is written: plain data but for functions at named extension points. */
export type PolicyInput<Names extends string = string> = PolicyBase &
  Omit<GuardInputs, "access"> & {
    readonly upstreams: { readonly [Name in Names]: UpstreamInput };
    readonly routes: readonly Route<NoInfer<Names>>[];
  };

/** Declares a route: `route("GET /api/products/:id", { to: "commerce", access: anyone() })`. */
export function route<const To extends string>(match: string, input: RouteInput<To>): Route<To> {
  return { match, ...input };
}

/** Declares the policy. A route that leads to an upstream which is not declared is a type error. */
export function definePolicy<const Names extends string>(policy: PolicyInput<Names>): PolicyInput<Names> {
  return policy;
}

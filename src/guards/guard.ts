import type { z } from "zod";
import type { Exchange } from "./contract/exchange.ts";
import type { GuardEnv } from "./contract/guard-env.ts";
import type { MessageJudge } from "./contract/messages.ts";
import type { RefusalForm } from "./contract/refusal-form.ts";
import type { Verdict } from "./contract/verdict.ts";

/**
 * The stages of an exchange, outermost first. Request guards run from first to last; response guards run from last to
 * first, on every response, whoever made it: so CORS and security headers stand on denials and failures too.
 */
export const stages = [
  "headers",
  "cors",
  "traffic",
  "identity",
  "quota",
  "access",
  "parameters",
  "content",
  "upstream",
] as const;

export type Stage = (typeof stages)[number];

/** What of a request one guard judges alone: it passes although nothing else declares it. */
export interface Claims {
  /** Request headers that go upstream, by lower-case name. */
  readonly headers: readonly string[];
  /** Whether a query key on that path is the guard's own: no other guard sees it. */
  query(name: string, path: string): boolean;
  /**
   * The page whose data stands at these segments, in another spelling of its path; undefined for every other path. The
   * request then stands under the rules of the page's route, and goes upstream as it came.
   */
  readonly pageOf: ((segments: readonly string[]) => readonly string[] | undefined) | undefined;
}

export interface GuardHooks {
  readonly claims?: Claims;
  /** Whether the response half reads bodies, so that they have to arrive without a content coding. */
  readonly decodes?: boolean;
  /** How refusals of the route look, whoever refuses, where its clients look for them in a form of their own. */
  readonly refusal?: RefusalForm;
  /** Who judges the messages of a connection that was upgraded; without one they are carried unread. */
  readonly messages?: MessageJudge;
  request?(exchange: Exchange): Verdict | Promise<Verdict>;
  response?(exchange: Exchange): Verdict | undefined | void | Promise<Verdict | undefined | void>;
}

/** One kind of protection: a policy key, its options, and what it does at its stage. */
export interface Guard<
  Key extends string = string,
  Options extends z.ZodType = z.ZodType,
  List extends boolean = boolean,
> {
  /** kebab-case; the file's name, the metric label, the docs anchor. */
  readonly name: string;
  /** The policy key, camelCase; it may stand on a route and, as the default of all routes, at the top. */
  readonly key: Key;
  /** One sentence for the reference docs. */
  readonly summary: string;
  /** Ids of the controls that it enforces. */
  readonly controls: readonly string[];
  /** The schema of the policy key: type, default and documentation at once. */
  readonly options: Options;
  /** `always`: on every route, with default options where the policy is silent. */
  readonly applies: "always" | "declared";
  /** Whether the key also takes a list, of which each element becomes a guard of its own. */
  readonly list: List;
  /** Keys of guards that stand back where this one is declared, since it judges the same in its own way. */
  readonly replaces?: readonly string[];
  /** Where in the flow these options take effect. */
  stage(options: z.output<Options>): Stage;
  /** Called once per route and element when the plan is built, never during an exchange. */
  create(options: z.output<Options>, env: GuardEnv): GuardHooks;
  /** What these options mean, in words, for `explain` and the reports. */
  describe?(options: z.output<Options>): string;
}

/** What a guard's author writes; `list` is false unless said. */
type GuardSpec<Key extends string, Options extends z.ZodType, List extends boolean> = Omit<
  Guard<Key, Options, List>,
  "list"
> & {
  readonly list?: List;
};

/** Declares a guard; keeps its key and option types for the policy's own type. */
export function defineGuard<const Key extends string, Options extends z.ZodType, const List extends boolean = false>(
  guard: GuardSpec<Key, Options, List>,
): Guard<Key, Options, List> {
  return { list: false as List, ...guard };
}

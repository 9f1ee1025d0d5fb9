/**
 * What it means that a token is in public, before anybody looked at its use: `critical` opens something whoever holds it,
 * `high` nearly always does, `by-use` depends on where it is used, `public` is made for browsers.
 */
export type TokenClass = "critical" | "high" | "by-use" | "public";

/** One form of credential, with texts that hold it and texts that only look alike. */
export interface TokenFormat {
  /** kebab-case: the name in the policy, in events and in reports. */
  readonly name: string;
  readonly class: TokenClass;
  /** Linear and bounded in what it takes. */
  readonly pattern: RegExp;
  /** The most characters that the pattern takes, its neighbours included. */
  readonly maxLength: number;
  /** How many of them may stand before a trigger; none unless said. */
  readonly lead?: number;
  /**
   * Texts of at least four characters, of which one stands in every match or, where there is a `context`, near it; or a
   * run of so many hex digits.
   */
  readonly triggers: readonly string[] | { readonly hexRun: number };
  /** What has to stand within 40 characters of a match, where the form alone says too little. */
  readonly context?: RegExp;
  readonly found: readonly string[];
  readonly spared: readonly string[];
}

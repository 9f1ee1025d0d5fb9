/** How a text is judged: as a field of a declared type, as people's own words, or as HTML that people wrote. */
export type TextProfile = "typed" | "free" | "rich";

/** Where a value stands; some attacks only make sense in some places. */
export type Place = "path" | "query" | "header" | "body";

/** A text as the attack classes see it. */
export interface Subject {
  /** The text in one of its readings: as it came, or decoded. */
  readonly text: string;
  /** The traits of that reading. */
  readonly traits: number;
  readonly profile: TextProfile;
  /** Whether this is a decoded reading, not the text as it came. */
  readonly isDecoded: boolean;
  /** Private hosts, with port, that URLs may name after all: the site's own in development, for one. */
  readonly innerHosts: ReadonlySet<string>;
}

/** One kind of attack, and how it is told from a text that looks like it. */
export interface AttackClass {
  /** kebab-case; the file's name, the policy's word for it. */
  readonly name: string;
  /** What would happen behind, in one sentence for the reference docs. */
  readonly summary: string;
  /** CWE and OWASP ids of what it stops. */
  readonly stops: readonly string[];
  /** The places where its values are looked for. */
  readonly places: readonly Place[];
  /** Whether a text with these traits may be one at all; false is certain. */
  suspects(traits: number): boolean;
  /** 0 for harmless, 5 and more for an attack by itself; linear in the text. */
  judge(subject: Subject): number;
  /** The same of the name of a member, a parameter or a field. */
  judgeName?(name: string): number;
  /** Texts of a typed field that it finds. */
  readonly found: readonly string[];
  /** Texts that look like one, and are none. */
  readonly spared: readonly string[];
}

/** The score at which a value is refused unless the policy says otherwise. */
export const defaultThreshold = 5;

/** The places where texts of any kind can stand. */
export const everywhere: readonly Place[] = ["path", "query", "header", "body"];

/** What a browser told, cleaned: the makings of one event. */
export interface Report {
  /** The event's name, of a closed list: it becomes the label of a metric. */
  readonly event: string;
  /** One line for people. */
  readonly reason: string;
  /** Particulars for programs; every value is clean and of bounded length. */
  readonly facts: Readonly<Record<string, string>>;
  /** What makes it the same as another one: paths of blocked addresses and line numbers are left out. */
  readonly sameness: readonly string[];
  /** The address of the page that it is about, uncleaned. */
  readonly from: string;
  /** Uncleaned texts that tell whether the site had a part in it: addresses and messages. */
  readonly subjects: readonly string[];
}

/** Why a report was not told as an event. Each is counted as an event of its own: nothing is lost in silence. */
export type Loss = "malformed" | "unknown" | "foreign" | "noise" | "over-limit" | "repeated";

/** What a body held. */
export interface ParsedReports {
  readonly reports: readonly Report[];
  readonly lost: ReadonlyMap<Loss, number>;
}

/** Says where on the site something happened: the pattern of the route, since paths hold ids. */
export type PageOf = (url: string) => string;

/** Puts facts together and leaves out those that say nothing. */
export function factsOf(facts: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  const present: Record<string, string> = {};
  for (const [name, value] of Object.entries(facts)) {
    if (value !== undefined && value !== "" && value !== 0) present[name] = String(value);
  }
  return present;
}

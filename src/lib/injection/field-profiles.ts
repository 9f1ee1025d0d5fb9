import type { TextProfile } from "./attack-class.ts";

/** How the policy wants fields judged, by their paths. */
export interface FieldProfiles {
  /**
   * The profile of a field; undefined where the policy exempts it. The path is that of members with dots and `[]` for the
   * elements of lists (`blocks[].html`); what is declared of a field holds for everything inside of it.
   */
  profileOf(path: string): TextProfile | undefined;
  /** Whether every field has the same profile, so that nobody needs to know its path. */
  readonly isUniform: boolean;
}

/** The profiles that a policy declares; fields that it does not name are typed. */
export function createFieldProfiles(declared: {
  readonly freeText: readonly string[];
  readonly richText: readonly string[];
  readonly exempt: readonly string[];
}): FieldProfiles {
  const profiles = new Map<string, TextProfile | undefined>([
    ...declared.freeText.map((path): [string, TextProfile] => [path, "free"]),
    ...declared.richText.map((path): [string, TextProfile] => [path, "rich"]),
    ...declared.exempt.map((path): [string, undefined] => [path, undefined]),
  ]);
  return {
    isUniform: profiles.size === 0,
    profileOf(path) {
      for (
        let end = path.length;
        end > 0;
        end = Math.max(path.lastIndexOf(".", end - 1), path.lastIndexOf("[", end - 1))
      ) {
        const prefix = path.slice(0, end);
        if (profiles.has(prefix)) return profiles.get(prefix);
      }
      return "typed";
    },
  };
}

import { z } from "zod";
import { bytesOption } from "./bytes.ts";
import { describedProfileOption, profileOption, readProfile } from "./profile-option.ts";
import { createFieldTree, type FieldNode } from "./field-path.ts";
import type { SanitizeProfile } from "./sanitize-profile.ts";
import type { Cleaner, Sanitizer } from "./sanitizer.ts";

const list = z.array(z.string()).min(1);
const fields = z.union([list, z.record(z.string(), profileOption)]);
const direction = z.union([z.boolean(), fields]).default(true);

const detailed = z.strictObject({
  fields: fields.optional().meta({
    description:
      "Fields that hold HTML, by path (`body`, `blocks[].html`, `translations.*.text`, `[].text`): a list, or each with its profile.",
  }),
  profile: describedProfileOption.default("basic").meta({
    description:
      "What may stay where a field says nothing else: `text` (no markup), `basic` (what visitors write), `rich` (what editors write), or lists of your own.",
  }),
  in: direction.meta({ description: "Whether requests are cleaned, too; or their fields, where they differ." }),
  out: direction.meta({ description: "Whether answers are cleaned, too; or their fields, where they differ." }),
  fragment: profileOption
    .optional()
    .meta({ description: "What may stay of answers that are HTML themselves, `text/html` without a page around it." }),
  maxBytes: bytesOption("256kb").meta({ description: "The largest field or fragment; a larger one is refused." }),
  maxAnswerBytes: bytesOption("4mb").meta({ description: "The largest answer; a larger one is refused." }),
});

/** The policy key `sanitize`: the fields that hold HTML, or more about them. */
export const sanitizeOption = z
  .union([list, detailed])
  .meta({ description: "Fields that hold HTML, which is reduced to what its profile lets stay." });

type Fields = z.output<typeof fields>;

/** What the policy wrote, with the short form spelled out. */
export interface SanitizeRules {
  readonly in: FieldNode<Cleaner> | undefined;
  readonly out: FieldNode<Cleaner> | undefined;
  readonly fragment: Cleaner | undefined;
  readonly maxAnswerBytes: number;
}

/**
 * Reads the option and prepares a cleaner for each of its profiles.
 * @throws Error whose message says what is wrong
 */
export function readSanitizeOption(option: z.output<typeof sanitizeOption>, sanitizer: Sanitizer): SanitizeRules {
  const { profile, maxBytes, maxAnswerBytes, fragment, ...written } = spellOut(option);
  const prepare = (one: SanitizeProfile) => sanitizer.prepare(one, { maxBytes });
  const standard = readProfile(profile);
  const toTree = (some: Fields | boolean): FieldNode<Cleaner> | undefined => {
    const meant = some === true ? written.fields : some;
    if (meant === undefined || meant === false) return undefined;
    return createFieldTree(
      toEntries(meant).map(([path, one]) => [path, prepare(one === undefined ? standard : readProfile(one))] as const),
    );
  };
  const rules: SanitizeRules = {
    in: toTree(written.in),
    out: toTree(written.out),
    fragment: fragment === undefined ? undefined : prepare(readProfile(fragment)),
    maxAnswerBytes,
  };
  if (!rules.in && !rules.out && !rules.fragment) throw new Error("names no field and no fragment to clean");
  return rules;
}

/** What the option means, in words. */
export function describeSanitizeOption(option: z.output<typeof sanitizeOption>): string {
  const { profile, fragment, ...written } = spellOut(option);
  const say = (some: Fields) =>
    toEntries(some)
      .map(([path, one]) => `${path} (${readProfile(one ?? profile).name})`)
      .join(", ");
  const sides = (["in", "out"] as const).flatMap((side) => {
    const some = written[side] === true ? written.fields : written[side];
    return some === undefined || some === false ? [] : [`${side === "in" ? "requests" : "answers"}: ${say(some)}`];
  });
  const fragments = fragment === undefined ? [] : [`fragments of HTML (${readProfile(fragment).name})`];
  return `HTML is cleaned in ${[...sides, ...fragments].join("; ")}`;
}

function spellOut(option: z.output<typeof sanitizeOption>): z.output<typeof detailed> {
  return Array.isArray(option) ? detailed.parse({ fields: option }) : option;
}

function toEntries(
  some: Fields,
): readonly (readonly [path: string, profile: z.output<typeof profileOption> | undefined])[] {
  return Array.isArray(some) ? some.map((path) => [path, undefined] as const) : Object.entries(some);
}

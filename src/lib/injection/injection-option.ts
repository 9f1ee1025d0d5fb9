import { z } from "zod";
import { defaultThreshold } from "./attack-class.ts";
import { attackClasses } from "./classes/registry.gen.ts";
import { createFieldProfiles, type FieldProfiles } from "./field-profiles.ts";
import type { JudgeOptions } from "./judge-text.ts";

const reason = z.string().min(10, "say why, in a sentence: the reason is logged and audited");
const className = z.enum(attackClasses.map(({ name }) => name));

const details = z.strictObject({
  threshold: z.int().min(3).max(20).default(defaultThreshold).meta({
    description: "The score at which a value is refused; the scores of the classes add up. Lower refuses more.",
  }),
  freeText: z.array(z.string()).default([]).meta({
    description:
      "Fields in which people write: query parameters, form fields, body members by path (`text`, `blocks[].text`). What is declared of a member holds for everything inside of it.",
  }),
  richText: z
    .array(z.string())
    .default([])
    .meta({ description: "Fields that hold HTML; declare `sanitize` for them, too." }),
  exempt: z
    .record(z.string(), reason)
    .default({})
    .meta({ description: "Fields that are not judged, such as passwords, each with the reason." }),
  without: z
    .partialRecord(className, reason)
    .default({})
    .meta({ description: "Attack classes that are not judged, each with the reason." }),
  innerHosts: z.array(z.string().toLowerCase()).default([]).meta({
    description: "Private hosts that URLs in values may name (`localhost:3000`), beside the site's own.",
  }),
  off: reason.optional().meta({ description: "Judges nothing here, for the reason given." }),
});

/** The policy key `injection`: `true` for the defaults, or what differs from them. */
export const injectionOption = z
  .union([z.literal(true), details])
  .meta({ description: "Which values of a request are judged how; `true` judges all as typed fields." });

/** What the policy wrote, ready to judge with. */
export interface InjectionRules {
  readonly off: boolean;
  readonly fields: FieldProfiles;
  readonly judging: JudgeOptions;
}

/** Reads the option; `site` is the public origin, whose host values may always name. */
export function readInjectionOption(option: z.output<typeof injectionOption>, site: string): InjectionRules {
  const { threshold, freeText, richText, exempt, without, innerHosts, off } =
    option === true ? details.parse({}) : option;
  return {
    off: off !== undefined,
    fields: createFieldProfiles({ freeText, richText, exempt: Object.keys(exempt) }),
    judging: {
      threshold,
      without: new Set(Object.keys(without)),
      innerHosts: new Set([new URL(site).host, ...innerHosts]),
    },
  };
}

/** What the option means, in words. */
export function describeInjectionOption(option: z.output<typeof injectionOption>): string {
  const { threshold, freeText, richText, exempt, without, off } = option === true ? details.parse({}) : option;
  if (off !== undefined) return `nothing is judged: ${off}`;
  const say = (names: readonly string[], what: string) => (names.length > 0 ? [`${names.join(", ")} ${what}`] : []);
  return [
    `a value that looks like an attack is refused (score ${threshold} and above)`,
    ...say(freeText, "judged as free text"),
    ...say(richText, "judged as rich text"),
    ...say(Object.keys(exempt), "not judged"),
    ...say(Object.keys(without), "not looked for"),
  ].join("; ");
}

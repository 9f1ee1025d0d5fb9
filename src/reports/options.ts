import { z } from "zod";
import { durationOption } from "../lib/duration.ts";
import { parseRate } from "../lib/rate.ts";
import { textOption } from "../lib/text-option.ts";

const accepted = 'how many in what time: "60/min", "500/h"';

/** A rate without a key: what it is counted by is not for the policy to say here. */
function rateOption(fallback: string) {
  return textOption((text) => {
    if (!/^\d+\/\d*[a-z]+$/.test(text)) throw new Error(`Write ${accepted}.`);
    return parseRate(text).limit;
  }, accepted).prefault(fallback);
}

/**
 * The policy key `reports`: whether and where browsers may report, and how much of it is kept. Anybody can post, so every
 * figure is a ceiling on what a flood costs, not a measure of what a site needs.
 */
export const reportsOptions = z.strictObject({
  path: z
    .string()
    // Two segments at least: the endpoints stand beside each other, and a folder of their own keeps them off the site's.
    .regex(
      /^(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._~-]+){2,8}$/,
      'a path of two segments or more, such as "/.headgate/reports"',
    )
    .default("/.headgate/reports")
    .meta({
      description: "Where browsers send reports; `errors` and `client.js` stand beside it, in the same folder.",
    }),
  errors: z
    .boolean()
    .default(true)
    .meta({ description: "Serve the client script, and take the errors of pages that it sends." }),
  posts: z
    .strictObject({
      perAddress: rateOption("60/min").meta({ description: "Posts of one address; more are refused with 429." }),
      overall: rateOption("1200/min").meta({ description: "Posts of all addresses together." }),
    })
    .prefault({}),
  events: z
    .strictObject({
      perAddress: rateOption("120/h").meta({ description: "Different events that one address can cause." }),
      overall: rateOption("2000/h").meta({
        description: "Different events that all can cause; more are only counted.",
      }),
    })
    .prefault({}),
  window: durationOption("10min").meta({ description: "For how long the same report is counted and not told again." }),
  table: z
    .int()
    .min(64)
    .max(65_536)
    .default(4096)
    .meta({ description: "How many different reports are remembered for that." }),
  ignore: z
    .array(z.string().min(4).max(200))
    .max(500)
    .default([])
    .meta({ description: "Beginnings of URLs or error messages that are noise here, beside the built-in ones." }),
});

/** The policy's `reports`, parsed. */
export type ReportsOptions = z.output<typeof reportsOptions>;

import { z } from "zod";
import { bytesOption } from "./bytes.ts";
import { type SchemaSource, schemaOption } from "./schema.ts";
import { isZodSchema } from "./zod-graph.ts";

const detailed = z.strictObject({
  schema: schemaOption.meta({ description: "The schema of a good answer." }),
  undeclared: z.enum(["strip", "refuse"]).default("strip").meta({
    description: "What happens to members that the schema does not declare: taken out, or the answer refused.",
  }),
  errors: schemaOption
    .optional()
    .meta({ description: "The schema of 4xx answers; without it they become the problem of their status." }),
  maxBytes: bytesOption("4mb").meta({ description: "The largest answer that is judged; a larger one is refused." }),
});

/** What a route says of its answers, in its long form. */
export type ResponseSettings = z.output<typeof detailed>;

/** The policy key `response`: the schema of a good answer, or that with more. */
export const responseOption = z
  .union([schemaOption, detailed])
  .meta({ description: "The schema of the answer; what it does not declare never leaves." });

/** What the policy wrote, with the short form spelled out. */
export function readResponseOption(option: z.output<typeof responseOption>): ResponseSettings {
  return isSchema(option) ? detailed.parse({ schema: option }) : option;
}

function isSchema(option: SchemaSource | ResponseSettings): option is SchemaSource {
  return isZodSchema(option) || "kind" in option;
}

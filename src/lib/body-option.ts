import { z } from "zod";
import { bytes } from "./bytes.ts";
import { isZodSchema } from "./zod-graph.ts";
import { type SchemaSource, schemaOption } from "./schema.ts";

const file = z.strictObject({
  types: z
    .array(z.string())
    .min(1)
    .meta({ description: "Media types that are taken; each is compared with what the bytes say." }),
  maxBytes: bytes.prefault("5mb").meta({ description: "The largest file." }),
  maxCount: z.int().min(1).default(1).meta({ description: "How many files of that name." }),
});

const kinds = z.strictObject({
  json: schemaOption.optional().meta({ description: "The schema of a JSON body." }),
  form: schemaOption.optional().meta({ description: "The schema of a form (application/x-www-form-urlencoded)." }),
  multipart: z
    .strictObject({
      fields: schemaOption.optional().meta({ description: "The schema of the fields that are no files." }),
      files: z.record(z.string(), file).default({}).meta({ description: "The files, by field name." }),
    })
    .optional()
    .meta({ description: "A form with files (multipart/form-data)." }),
  raw: z
    .strictObject({ types: z.array(z.string()).min(1) })
    .optional()
    .meta({ description: "Media types that pass as they are, unjudged but for their size." }),
  maxBytes: bytes.optional().meta({ description: "The largest body, in place of the transport's default." }),
  maxDepth: z.int().min(1).max(200).default(32).meta({ description: "Levels of a JSON body." }),
  maxKeys: z.int().min(1).default(10_000).meta({ description: "Members and elements of a JSON body." }),
});

/** What a body may be, in its long form. */
export type BodyKinds = z.output<typeof kinds>;

/** The policy key `body`: nothing, anything, the schema of a JSON body, or what each content type has to be. */
export const bodyOption = z
  .union([z.literal("none"), z.literal("any"), schemaOption, kinds])
  .default("none")
  .meta({ description: "What the body may be; `none` takes no body at all, `any` passes every body on unjudged." });

/** What the policy wrote, with the short form spelled out. */
export function readBodyOption(option: z.output<typeof bodyOption>): "none" | "any" | BodyKinds {
  if (option === "none" || option === "any") return option;
  return isSchema(option) ? kinds.parse({ json: option }) : option;
}

function isSchema(option: SchemaSource | BodyKinds): option is SchemaSource {
  return isZodSchema(option) || ("kind" in option && option.kind === "json-schema");
}

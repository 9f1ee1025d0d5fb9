import { z } from "zod";
import { bytesOption } from "../bytes.ts";
import { rateOption } from "../rate.ts";

const count = (usual: number, description: string) => z.int().min(0).default(usual).meta({ description });

/** What one operation may be: every key is a limit, and every limit holds where the policy is silent. */
export const shapeKeys = {
  depth: z.int().min(1).max(100).default(10).meta({ description: "Levels of fields; fragments are none." }),
  height: count(100, "Fields of one selection set, those of its fragments included."),
  rootFields: count(10, "Fields at the root: each may be a call of its own to what is behind."),
  aliases: count(15, "Fields under another name than their own."),
  directives: count(50, "Directives, wherever they stand."),
  directivesPerPlace: count(3, "Directives at one place, such as one field."),
  duplicates: count(10, "Fields that stand again in the same set of fields."),
  tokens: z.int().min(10).default(2000).meta({ description: "Words and signs of a document." }),
  operations: z.int().min(1).default(1).meta({ description: "Operations in one document." }),
  maxBytes: bytesOption("64kb").meta({ description: "The largest request." }),
  maxKeys: z.int().min(1).default(10_000).meta({ description: "Members and elements of a request, its variables." }),
};

/** What an operation may ask for, beside its shape: what the values of its variables decide. */
export const costKeys = {
  cost: z.int().min(1).default(1000).meta({
    description: "What one request may ask for: one a field, times the sizes of the lists around it.",
  }),
  listSize: z.int().min(1).default(10).meta({ description: "What a list counts whose size nothing tells." }),
  slicingArguments: z
    .array(z.string().min(1))
    .default([
      "first",
      "last",
      "limit",
      "take",
      "pageSize",
      "perPage",
      "pagination.limit",
      "pagination.pageSize",
      "options.take",
    ])
    .meta({ description: "Arguments that say how many; dotted where an input object holds them." }),
};

const rate = rateOption.meta({ description: 'The rate: "5/min per subject".' });

/** A limit on what operations call, beside those on requests. */
export const callLimit = z.union([
  z.strictObject({
    field: z
      .string()
      .regex(/^\w+\.\w+$/, 'a field as "Mutation.login"')
      .meta({ description: 'The field that is counted, "Mutation.login": two aliases of it are two calls.' }),
    rate,
  }),
  z.strictObject({
    operation: z.string().min(1).meta({ description: "The name of a persisted operation." }),
    rate,
  }),
  z.strictObject({
    cost: z.literal(true).meta({ description: "Counts what operations cost, in place of how many they are." }),
    rate,
  }),
]);

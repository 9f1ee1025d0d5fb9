import { z } from "zod";

/**
 * The Zod type of a policy value that is written as text: what `parse` returns is the output, and what it throws is the
 * message that the policy's author reads.
 */
export function textOption<Value>(parse: (text: string) => Value, description: string) {
  return z
    .string({ error: `Write ${description}.` })
    .transform((text, context) => attempt(() => parse(text), text, context))
    .meta({ description });
}

/** Runs a parser inside a Zod transform; an error that it throws becomes an issue at that place. */
export function attempt<Value>(parse: () => Value, input: unknown, context: z.RefinementCtx): Value {
  try {
    return parse();
  } catch (error) {
    context.issues.push({ code: "custom", message: error instanceof Error ? error.message : String(error), input });
    return z.NEVER;
  }
}

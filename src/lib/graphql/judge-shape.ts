import type { Operation } from "./document.ts";
import type { GraphqlOptions } from "./option.ts";
import type { Measures } from "./set-summary.ts";

const measured = [
  "depth",
  "height",
  "rootFields",
  "aliases",
  "directives",
  "directivesPerPlace",
  "duplicates",
] as const satisfies readonly (keyof Measures)[];

/** The introspection query of usual tools is that deep; whoever may send it at all may send it so. */
const introspectionDepth = 20;

/**
 * The first limit on its shape that an operation does not keep, in words for the log; undefined when it keeps all. A
 * client is told that there are limits, never which and how high: that would be a map for staying below them.
 */
export function findExcess(operation: Operation, introspects: boolean, options: GraphqlOptions): string | undefined {
  for (const name of measured) {
    const limit = name === "depth" && introspects ? Math.max(options.depth, introspectionDepth) : options[name];
    const is = operation.measures[name];
    if (is > limit) return `${name} is ${is} of ${limit}`;
  }
  return undefined;
}

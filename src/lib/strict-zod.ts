import { z } from "zod";
import { HeadgateError } from "./error.ts";
import { type ZodSchema, defOf } from "./zod-graph.ts";

/** A schema as requests are judged by it, and the metadata that its parts had. */
export interface StrictZod {
  readonly schema: ZodSchema;
  readonly metadata: z.core.$ZodRegistry<Record<string, unknown>>;
}

/**
 * Rewrites a schema so that objects refuse members they do not declare, at every depth.
 *
 * Zod's `z.object` drops unknown members silently, which hides a caller's attempt to set `role: "admin"` (CWE-915) and
 * every misspelling. Objects with a declared catchall (`z.looseObject`, `.catchall()`) keep it: their author has decided.
 * Both sides of a pipe become strict. Refinements, defaults and error texts stay as they are.
 */
export function toStrictZod(root: ZodSchema): StrictZod {
  const metadata = z.registry<Record<string, unknown>>();
  const done = new Map<ZodSchema, ZodSchema>();
  const begun = new Set<ZodSchema>();
  return { schema: rewrite(root), metadata };

  function rewrite(schema: ZodSchema): ZodSchema {
    const finished = done.get(schema);
    if (finished) return finished;
    // A getter that leads back to an object in the making: look the finished one up when a value is judged.
    if (begun.has(schema)) return z.lazy(() => finishedOf(schema));
    begun.add(schema);
    const rewritten = rewriteParts(schema);
    const known = z.globalRegistry.get(schema);
    if (known) metadata.add(rewritten, known);
    done.set(schema, rewritten);
    return rewritten;
  }

  function finishedOf(schema: ZodSchema): ZodSchema {
    const finished = done.get(schema);
    if (!finished) throw new HeadgateError("policy-invalid", "A recursive Zod schema was used before it was complete.");
    return finished;
  }

  function rewriteParts(schema: ZodSchema): ZodSchema {
    const def = defOf(schema);
    switch (def.type) {
      case "object": {
        const shape = Object.fromEntries(Object.entries(def.shape).map(([key, member]) => [key, rewrite(member)]));
        return withDef(schema, { shape, catchall: def.catchall ? rewrite(def.catchall) : z.never() });
      }
      case "array":
        return withDef(schema, { element: rewrite(def.element) });
      case "tuple":
        return withDef(schema, { items: def.items.map(rewrite), rest: def.rest && rewrite(def.rest) });
      case "record":
      case "map":
        return withDef(schema, { valueType: rewrite(def.valueType) });
      case "set":
        return withDef(schema, { valueType: rewrite(def.valueType) });
      case "union":
        return withDef(schema, { options: def.options.map(rewrite) });
      case "intersection":
        return withDef(schema, { left: rewrite(def.left), right: rewrite(def.right) });
      case "pipe":
        return withDef(schema, { in: rewrite(def.in), out: rewrite(def.out) });
      case "optional":
      case "nullable":
      case "default":
      case "prefault":
      case "catch":
      case "readonly":
      case "nonoptional":
      case "success":
      case "promise":
        return withDef(schema, { innerType: rewrite(def.innerType) });
      case "lazy":
        // Zod keeps the getter's first answer beside it: without forgetting that, the new getter is never asked.
        return withDef(schema, { getter: () => rewrite(def.getter()), _cachedInner: undefined });
      default:
        return schema;
    }
  }
}

function withDef(schema: ZodSchema, changes: object): ZodSchema {
  return z.core.clone(schema, { ...schema._zod.def, ...changes });
}

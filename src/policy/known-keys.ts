import { z } from "zod";

/** The keys that a schema knows at a place, for suggestions; empty where it is no object. */
export function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [key, ...rest] = path;
  const candidates = objectsOf(schema);
  if (key === undefined) return candidates.flatMap((object) => Object.keys(object.shape));
  return candidates
    .flatMap((object) => (key in object.shape ? knownKeys(object.shape[String(key)] as z.ZodType, rest) : []))
    .concat(elementsOf(schema).flatMap((element) => knownKeys(element, rest)));
}

/** Through wrappers and unions to the object schemas behind. */
function objectsOf(schema: unknown): z.ZodObject[] {
  return unwrap(schema).filter((inner): inner is z.ZodObject => inner instanceof z.ZodObject);
}

function elementsOf(schema: unknown): z.ZodType[] {
  return unwrap(schema).flatMap((inner) => {
    if (inner instanceof z.ZodArray) return [inner.element as z.ZodType];
    return inner instanceof z.ZodRecord ? [inner.valueType as z.ZodType] : [];
  });
}

function unwrap(schema: unknown): unknown[] {
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(unwrap);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrap(schema.unwrap());
  }
  return [schema];
}

/**
 * The value at a dotted path of plain data, by own properties only: inherited members (`constructor`, `__proto__`) are
 * not data. `undefined` where the path leads nowhere or through a list.
 */
export function readOwn(value: unknown, path: string): unknown {
  let current: unknown = value;
  for (const segment of path.split(".")) {
    if (!isRecord(current) || !Object.hasOwn(current, segment)) return undefined;
    current = current[segment];
  }
  return current;
}

/** Whether a value is an object with named members: not null, not a list. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

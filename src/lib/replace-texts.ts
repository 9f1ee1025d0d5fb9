/** One text in the place of another. */
export interface Replacement {
  /** Names of members and places in lists, from the value inwards. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** A list or an object, by place or name: what a path leads through. */
type Container = Record<string | number, unknown>;

/** The value with other texts in it. What holds none of them is shared with the value, which itself stays as it is. */
export function replaceTexts(value: unknown, replacements: readonly Replacement[]): unknown {
  const copies = new Map<unknown, Container>();
  const copyOf = (original: unknown): Container => {
    let copy = copies.get(original);
    if (!copy) copies.set(original, (copy = shallowCopy(original)));
    return copy;
  };
  for (const { path, text } of replacements) {
    const last = path.at(-1);
    if (last === undefined) return text;
    let original = value;
    let copy = copyOf(original);
    for (const key of path.slice(0, -1)) {
      original = (original as Container)[key];
      const inner = copyOf(original);
      copy[key] = inner;
      copy = inner;
    }
    copy[last] = text;
  }
  return copies.get(value) ?? value;
}

/** Paths lead through objects and lists only: they were found there. A member of any name stays a member of its own. */
function shallowCopy(original: unknown): Container {
  const copy: unknown = Array.isArray(original) ? original.slice() : Object.fromEntries(Object.entries(original ?? {}));
  return copy as Container;
}

import type { FieldNode } from "./field-path.ts";
import { isRecord } from "./own-path.ts";

/** A text at a declared field. */
export interface FieldText<Leaf> {
  readonly path: readonly (string | number)[];
  readonly text: string;
  readonly leaf: Leaf;
}

/** Every text that stands at a declared field, or the place where a value cannot hold one. */
export type FieldTexts<Leaf> =
  | { readonly texts: readonly FieldText<Leaf>[]; readonly misfit?: undefined }
  | { readonly misfit: string };

/** The most texts of one value; each may have to be cleaned by itself. */
const maxTexts = 10_000;

/**
 * Finds the texts at declared fields. A field that is absent, null, a number or a boolean holds none. An object or a list
 * where a text was declared, and anything but a list or object on the way to one, is a misfit: the value is not what the
 * policy was written for, and its text may stand somewhere else.
 */
export function collectFieldTexts<Leaf>(value: unknown, root: FieldNode<Leaf>): FieldTexts<Leaf> {
  const texts: FieldText<Leaf>[] = [];
  const path: (string | number)[] = [];
  const misfit = walk([root], value);
  return misfit === undefined ? { texts } : { misfit };

  /** Several nodes, since a member may be meant by its name and by `*`; the name comes first. */
  function walk(nodes: readonly FieldNode<Leaf>[], current: unknown): string | undefined {
    if (current === null || current === undefined) return undefined;
    const leaf = nodes.find((node) => node.leaf !== undefined)?.leaf;
    if (leaf !== undefined) {
      if (typeof current === "string") {
        if (texts.length >= maxTexts) return "more texts than can be cleaned";
        texts.push({ path: [...path], text: current, leaf });
      } else if (typeof current === "object") return "an object or a list where a text is declared";
    }
    return walkInto(nodes, current, leaf !== undefined);
  }

  function walkInto(nodes: readonly FieldNode<Leaf>[], current: unknown, isLeaf: boolean): string | undefined {
    const each = nodes.flatMap((node) => node.each ?? []);
    const inside = nodes.some((node) => node.members.size > 0 || node.anyMember !== undefined);
    if (each.length === 0 && !inside) return undefined;
    if (Array.isArray(current)) {
      if (each.length === 0) return "a list where an object is declared";
      return walkEach(current.entries(), () => each);
    }
    if (!isRecord(current)) return isLeaf ? undefined : "a plain value where an object or a list is declared";
    if (!inside) return "an object where a list is declared";
    return walkEach(Object.entries(current), (key) => nodes.flatMap((node) => nodesFor(node, key)));
  }

  function walkEach<Key extends string | number>(
    entries: Iterable<readonly [Key, unknown]>,
    nodesOf: (key: Key) => readonly FieldNode<Leaf>[],
  ): string | undefined {
    for (const [key, inner] of entries) {
      const nodes = nodesOf(key);
      if (nodes.length === 0) continue;
      path.push(key);
      const misfit = walk(nodes, inner);
      path.pop();
      if (misfit !== undefined) return misfit;
    }
    return undefined;
  }
}

function nodesFor<Leaf>(node: FieldNode<Leaf>, key: string): readonly FieldNode<Leaf>[] {
  const named = node.members.get(key);
  return [...(named ? [named] : []), ...(node.anyMember ? [node.anyMember] : [])];
}

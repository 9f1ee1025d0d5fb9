import type { Pattern } from "../policy/pattern.ts";

/** A route that matched, with its decoded parameters. */
export interface Match<T> {
  readonly target: T;
  readonly params: Readonly<Record<string, string>>;
}

export interface Router<T> {
  /** `segments` are those of the canonical path, decoded. */
  match(method: string, segments: readonly string[]): Match<T> | undefined;
  /** The methods that would match this path: what a 405 has to list. */
  methodsFor(segments: readonly string[]): string[];
}

interface Leaf<T> {
  readonly target: T;
  readonly params: readonly string[];
}

interface Node<T> {
  readonly texts: Map<string, Node<T>>;
  param: Node<T> | undefined;
  leaf: Leaf<T> | undefined;
  rest: Leaf<T> | undefined;
}

const noParams: Readonly<Record<string, string>> = Object.freeze({});

/**
 * A router over decoded segments: text before parameter before rest, per method. It sees only paths that are canonical
 * already, so what it matches is what is forwarded; it never decodes, folds case or drops a slash.
 */
export function createRouter<T>(routes: readonly { readonly pattern: Pattern; readonly target: T }[]): Router<T> {
  const roots = new Map<string, Node<T>>();
  for (const { pattern, target } of routes) {
    for (const method of pattern.methods) {
      let root = roots.get(method);
      if (!root) roots.set(method, (root = emptyNode()));
      insert(root, pattern, target);
    }
  }
  return {
    match(method, segments) {
      const root = roots.get(method);
      if (!root) return undefined;
      const values: string[] = [];
      const leaf = find(root, segments, 0, values);
      return (
        leaf && { target: leaf.target, params: leaf.params.length === 0 ? noParams : nameValues(leaf.params, values) }
      );
    },
    methodsFor(segments) {
      return [...roots].filter(([, root]) => find(root, segments, 0, [])).map(([method]) => method);
    },
  };
}

function emptyNode<T>(): Node<T> {
  return { texts: new Map(), param: undefined, leaf: undefined, rest: undefined };
}

function insert<T>(root: Node<T>, pattern: Pattern, target: T): void {
  const leaf = { target, params: pattern.params };
  let node = root;
  for (const segment of pattern.segments) {
    if (segment.kind === "rest") {
      node.rest = leaf;
      return;
    }
    if (segment.kind === "param") {
      node = node.param ??= emptyNode();
      continue;
    }
    let next = node.texts.get(segment.text);
    if (!next) node.texts.set(segment.text, (next = emptyNode()));
    node = next;
  }
  node.leaf = leaf;
}

function find<T>(node: Node<T>, segments: readonly string[], at: number, values: string[]): Leaf<T> | undefined {
  const segment = segments[at];
  if (segment === undefined) return node.leaf;
  const next = node.texts.get(segment);
  const found = next && find(next, segments, at + 1, values);
  if (found) return found;
  if (node.param && segment !== "") {
    values.push(segment);
    const leaf = find(node.param, segments, at + 1, values);
    if (leaf) return leaf;
    values.pop();
  }
  return node.rest;
}

function nameValues(names: readonly string[], values: readonly string[]): Record<string, string> {
  const params: Record<string, string> = Object.create(null);
  names.forEach((name, index) => (params[name] = values[index] ?? ""));
  return params;
}

/** One step into a value: a member by name, any member, or any element of a list. */
export type FieldStep =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "any-member" }
  | { readonly kind: "each" };

/** Members with the field below them; several paths share their beginnings. */
export interface FieldNode<Leaf> {
  readonly members: Map<string, FieldNode<Leaf>>;
  anyMember: FieldNode<Leaf> | undefined;
  each: FieldNode<Leaf> | undefined;
  leaf: Leaf | undefined;
}

const accepted = 'names with dots between them, "[]" for the elements of a list and "*" for a member of any name';

/**
 * Reads the path of a field: `body`, `blocks[].html`, `translations.*.text`, `[].text` where the value itself is a list.
 * @throws Error whose message says what is accepted
 */
export function parseFieldPath(path: string): readonly FieldStep[] {
  const steps = path.split(".").flatMap((part, index): FieldStep[] => {
    let name = part;
    while (name.endsWith("[]")) name = name.slice(0, -2);
    const lists = (part.length - name.length) / 2;
    const onlyLists = index === 0 && name === "" && lists > 0;
    if (!onlyLists && (name === "" || /[[\]]/.test(name) || (name.includes("*") && name !== "*")))
      throw new Error(`"${path}" is not the path of a field. Write ${accepted}, for example "blocks[].html".`);
    const member: FieldStep[] = onlyLists ? [] : name === "*" ? [{ kind: "any-member" }] : [{ kind: "member", name }];
    return [...member, ...Array.from({ length: lists }, (): FieldStep => ({ kind: "each" }))];
  });
  return steps;
}

/** Puts fields into one tree, each with what is said of it. A path that stands there twice keeps what came first. */
export function createFieldTree<Leaf>(fields: Iterable<readonly [path: string, leaf: Leaf]>): FieldNode<Leaf> {
  const root = createNode<Leaf>();
  for (const [path, leaf] of fields) {
    let node = root;
    for (const step of parseFieldPath(path)) node = stepInto(node, step);
    node.leaf ??= leaf;
  }
  return root;
}

function stepInto<Leaf>(node: FieldNode<Leaf>, step: FieldStep): FieldNode<Leaf> {
  if (step.kind === "each") return (node.each ??= createNode());
  if (step.kind === "any-member") return (node.anyMember ??= createNode());
  const known = node.members.get(step.name);
  if (known) return known;
  const made = createNode<Leaf>();
  node.members.set(step.name, made);
  return made;
}

function createNode<Leaf>(): FieldNode<Leaf> {
  return { members: new Map(), anyMember: undefined, each: undefined, leaf: undefined };
}

import type { Access, Caller } from "./access.ts";
import { readClaim, toOwnerId } from "./evaluate-access.ts";
import { isRecord, readOwn } from "./own-path.ts";
import type { OwnershipPlan, ResourceRule } from "./resource.ts";
import type { SchemaNode } from "./schema-graph.ts";

/** What of a response may leave; `resource` is the name of the resource that stood in the way. */
export type Withheld =
  | { readonly denied: false; readonly removed: number }
  | { readonly denied: true; readonly resource: string };

/**
 * Takes out of `value`, in place, what belongs to somebody else.
 *
 * An element of a list or record that is foreign, or that contains a foreign object, is removed. One that stands in no
 * list denies the whole response: cutting a field out of an object would show the caller something that never existed.
 * An object without an owner is foreign, and anonymous callers own nothing.
 */
export function withholdForeign(
  plan: OwnershipPlan,
  value: unknown,
  caller: Caller,
  isExcepted: (except: Access) => boolean,
): Withheld {
  let removed = 0;
  const foreign = findForeign(plan.root, value);
  return foreign === undefined ? { denied: false, removed } : { denied: true, resource: foreign };

  /** The resource of which `current` is or contains a foreign object, after its lists were cleaned. */
  function findForeign(node: SchemaNode, current: unknown): string | undefined {
    if (typeof current !== "object" || current === null || !plan.relevant.has(node)) return undefined;
    const rule = plan.rules.get(node);
    if (rule && !(rule.except && isExcepted(rule.except)) && !isOwn(rule, current, caller)) return rule.name;
    for (const branch of branchesFor(node, current)) {
      const found = findForeign(branch, current);
      if (found !== undefined) return found;
    }
    if (Array.isArray(current)) return findInList(node, current);
    return isRecord(current) ? findInMembers(node, current) : undefined;
  }

  function findInList(node: SchemaNode, list: unknown[]): string | undefined {
    // An object is declared here: what stands in the list cannot be told to be the caller's.
    if (hasRelevantMembers(node)) return firstName(plan);
    for (const [at, element] of node.tuple.entries()) {
      const found = findForeign(element, list[at]);
      if (found !== undefined) return found;
    }
    const { items } = node;
    if (!items || !plan.relevant.has(items)) return undefined;
    let kept = node.tuple.length;
    for (let at = kept; at < list.length; at++) {
      if (findForeign(items, list[at]) === undefined) list[kept++] = list[at];
    }
    if (kept < list.length) {
      removed += list.length - kept;
      list.length = kept;
    }
    return undefined;
  }

  function findInMembers(node: SchemaNode, members: Record<string, unknown>): string | undefined {
    if (hasRelevantElements(node)) return firstName(plan);
    for (const [key, member] of node.properties) {
      const found = Object.hasOwn(members, key) ? findForeign(member, members[key]) : undefined;
      if (found !== undefined) return found;
    }
    if (node.values.length > 0) {
      for (const key of Object.keys(members)) {
        if (node.properties.has(key)) continue;
        const isForeign = node.values.some(
          (other) => other.coversKey(key) && findForeign(other.node, members[key]) !== undefined,
        );
        if (!isForeign) continue;
        removed += 1;
        delete members[key];
      }
    }
    return undefined;
  }

  function hasRelevantMembers(node: SchemaNode): boolean {
    const members = [...node.properties.values(), ...node.values.map((other) => other.node)];
    return members.some((member) => plan.relevant.has(member));
  }

  function hasRelevantElements(node: SchemaNode): boolean {
    return [...node.tuple, ...(node.items ? [node.items] : [])].some((element) => plan.relevant.has(element));
  }

  /** The schemas that judge this very value; where no choice takes it, all count, so that nothing slips between them. */
  function branchesFor(node: SchemaNode, current: unknown): readonly SchemaNode[] {
    const choices = node.branches.filter((branch) => branch.role === "choice");
    const taking = choices.filter((branch) => branch.matches(current));
    const same = node.branches.filter((branch) => branch.role === "same");
    return [...same, ...(taking.length > 0 ? taking : choices)].map((branch) => branch.node);
  }
}

function isOwn(rule: ResourceRule, value: object, caller: Caller): boolean {
  if (caller.kind === "anonymous") return false;
  const ownerId = toOwnerId(readOwn(value, rule.owner.field));
  return ownerId !== undefined && ownerId === toOwnerId(readClaim(caller, rule.owner.claim));
}

function firstName(plan: OwnershipPlan): string {
  for (const rule of plan.rules.values()) return rule.name;
  return "";
}

import { readArguments, type Variables } from "./argument-values.ts";
import type { ArgumentNode, ValueNode } from "./ast.ts";
import { add, most, multiply } from "./saturating.ts";

/** How many values a field gives back, as far as the document and the schema say. */
export interface SizeSource {
  /** The arguments that the field is called with, where one of them may name the size. */
  readonly args: readonly ArgumentNode[] | undefined;
  /** The defaults of those arguments that the document leaves out. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined> | undefined;
  /** Dotted names of the arguments that say a size. */
  readonly slicing: readonly string[];
  /** `one`: a single value. `list`: a list. `unknown`: no schema tells, so only an argument makes it many. */
  readonly form: "one" | "list" | "unknown";
  /** For a list without a size of its own; undefined: what the set around it says, or the policy's `listSize`. */
  readonly assumed: number | undefined;
}

/** A field with selections, ready to be counted. */
export interface CostField {
  readonly weight: number;
  readonly size: SizeSource;
  readonly set: CostSet;
}

/** A selection set, ready to be counted. It is filled while the document is walked, and spread by reference. */
export interface CostSet {
  /** The fields without selections, together. */
  base: number;
  readonly fields: CostField[];
  readonly spreads: CostSet[];
}

/**
 * What a set costs, as a function of the size of the lists that stand directly in it and have none of their own: a
 * connection says `first: 50`, and the list is its `edges`.
 */
interface Amount {
  readonly fixed: number;
  readonly perList: number;
}

/** An empty set. */
export function costSet(): CostSet {
  return { base: 0, fields: [], spreads: [] };
}

/**
 * What a set costs with these variables. Each set is counted once, however often it is spread, and saturates: fragments
 * that spread each other would otherwise cost the gateway what they are meant to cost the service.
 */
export function costOf(set: CostSet, variables: Variables, listSize: number): number {
  const known = new Map<CostSet, Amount>();
  return total(amountOf(set), listSize);

  function amountOf(set: CostSet): Amount {
    const counted = known.get(set);
    if (counted) return counted;
    let fixed = set.base;
    let perList = 0;
    for (const field of set.fields) {
      const inner = amountOf(field.set);
      const { own, isOpen } = sizeOf(field.size, variables);
      fixed = add(fixed, field.weight);
      if (isOpen) perList = add(perList, total(inner, listSize));
      else if (field.size.form === "one" && own !== undefined) fixed = add(fixed, total(inner, own));
      else fixed = add(fixed, multiply(own ?? 1, total(inner, listSize)));
    }
    for (const spread of set.spreads) {
      const inner = amountOf(spread);
      fixed = add(fixed, inner.fixed);
      perList = add(perList, inner.perList);
    }
    const amount = { fixed, perList };
    known.set(set, amount);
    return amount;
  }
}

function total({ fixed, perList }: Amount, size: number): number {
  return add(fixed, multiply(size, perList));
}

/** The size that the field itself tells, and whether it is a list whose size only its surroundings can tell. */
function sizeOf(
  source: SizeSource,
  variables: Variables,
): { readonly own: number | undefined; readonly isOpen: boolean } {
  const own = source.slicing.length > 0 ? readSize(source, variables) : undefined;
  if (own !== undefined) return { own, isOpen: false };
  return { own: source.assumed, isOpen: source.form === "list" && source.assumed === undefined };
}

/** The largest size that any of the arguments says. */
function readSize({ args, defaults, slicing }: SizeSource, variables: Variables): number | undefined {
  const given = readArguments(args, variables);
  let largest: number | undefined;
  for (const name of slicing) {
    const [first = "", ...rest] = name.split(".");
    const written = defaults?.get(first);
    const start =
      Object.hasOwn(given, first) || !written
        ? given[first]
        : readArguments([{ name: { value: first }, value: written }], variables)[first];
    const size = toSize(rest.reduce(member, start));
    if (size !== undefined) largest = Math.max(largest ?? 0, size);
  }
  return largest;
}

function member(value: unknown, name: string): unknown {
  const isObject = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  return isObject ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

/** A size below nothing means "all" to some servers (`limit: -1`), and is counted so. */
function toSize(value: unknown): number | undefined {
  const isNumeric = typeof value === "number" || (typeof value === "string" && value !== "");
  const number = isNumeric ? Number(value) : Number.NaN;
  if (Number.isNaN(number)) return undefined;
  return number < 0 ? most : Math.min(number, most);
}

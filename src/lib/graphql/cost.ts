import { readArguments, type Variables } from "./argument-values.ts";
import type { ArgumentNode, ValueNode } from "./ast.ts";
import { add, most, multiply } from "./saturating.ts";

/** An argument that says how many: its name, and the names within it where an input object holds the size. */
export interface SizeArgument {
  readonly name: string;
  readonly within: readonly string[];
}

/** How many values a field gives back, as far as the document and the schema say. */
export interface SizeSource {
  /** The arguments that say a size, of those that the field is called with or has defaults for. */
  readonly slicing: readonly SizeArgument[];
  /** What those are called with. */
  readonly args: readonly ArgumentNode[];
  /** The defaults of those that the document leaves out. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined> | undefined;
  /** `one`: a single value. `list`: a list. `unknown`: no schema tells, so only an argument makes it many. */
  readonly form: "one" | "list" | "unknown";
  /** For a list without a size of its own; undefined: what the set around it says, or the policy's `listSize`. */
  readonly assumed: number | undefined;
  /** Whether a variable has a say. */
  readonly varies: boolean;
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
  /** Whether it costs the same whatever the variables are; undefined until somebody has looked. */
  isSettled: boolean | undefined;
  /** What it costs, where that is settled. */
  amount: Amount | undefined;
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
  return { base: 0, fields: [], spreads: [], isSettled: undefined, amount: undefined };
}

/**
 * Counts once what no variable changes, so that a remembered document is counted by what its variables change alone.
 * Whether all of it is settled then.
 */
export function settleCost(set: CostSet, listSize: number): boolean {
  // Looked at once, settled or not: fragments that spread each other twice would have it looked at 2^n times.
  if (set.isSettled !== undefined) return set.isSettled;
  const inner = [...set.fields.map((field) => field.set), ...set.spreads].map((each) => settleCost(each, listSize));
  set.isSettled = !inner.includes(false) && !set.fields.some(({ size }) => size.varies);
  if (!set.isSettled) return false;
  set.amount = count(set, noVariables, listSize, (each) => each.amount ?? { fixed: most, perList: 0 });
  // What was counted is not looked at again, and a document may be remembered for long.
  set.fields.length = 0;
  set.spreads.length = 0;
  return true;
}

const noVariables: Variables = { given: {}, defaults: new Map() };

/**
 * What a set costs with these variables. Each set is counted once, however often it is spread, and saturates: fragments
 * that spread each other would otherwise cost the gateway what they are meant to cost the service.
 */
export function costOf(set: CostSet, variables: Variables, listSize: number): number {
  const known = new Map<CostSet, Amount>();
  return total(amountOf(set), listSize);

  function amountOf(set: CostSet): Amount {
    const counted = set.amount ?? known.get(set);
    if (counted) return counted;
    const amount = count(set, variables, listSize, amountOf);
    known.set(set, amount);
    return amount;
  }
}

function count(set: CostSet, variables: Variables, listSize: number, amountOf: (set: CostSet) => Amount): Amount {
  let fixed = set.base;
  let perList = 0;
  for (const { size, set: inner, weight } of set.fields) {
    const amount = amountOf(inner);
    const own = (size.slicing.length > 0 ? readSize(size, variables) : undefined) ?? size.assumed;
    fixed = add(fixed, weight);
    if (size.form === "list" && own === undefined) perList = add(perList, total(amount, listSize));
    // A single value with a size is a connection: the size is that of the lists right below it.
    else if (size.form === "one") fixed = add(fixed, total(amount, own ?? listSize));
    else fixed = add(fixed, multiply(own ?? 1, total(amount, listSize)));
  }
  for (const spread of set.spreads) {
    const amount = amountOf(spread);
    fixed = add(fixed, amount.fixed);
    perList = add(perList, amount.perList);
  }
  return { fixed, perList };
}

function total({ fixed, perList }: Amount, size: number): number {
  return add(fixed, multiply(size, perList));
}

/** The largest size that any of the arguments says. */
function readSize({ args, defaults, slicing }: SizeSource, variables: Variables): number | undefined {
  const given = readArguments(args, variables);
  let largest: number | undefined;
  for (const { name, within } of slicing) {
    const written = defaults?.get(name);
    const isDefault = written !== undefined && given[name] === undefined;
    const value = isDefault
      ? readArguments([{ name: { value: name }, value: written }], noVariables)[name]
      : given[name];
    const size = toSize(within.reduce(memberOf, value));
    if (size !== undefined) largest = Math.max(largest ?? 0, size);
  }
  return largest;
}

function memberOf(value: unknown, name: string): unknown {
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

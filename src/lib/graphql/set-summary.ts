import { type CostSet, costSet } from "./cost.ts";
import { add } from "./saturating.ts";

/** What can be counted of an operation. Every figure counts a fragment as often as it is spread, and saturates. */
export interface Measures {
  /** Levels of fields. A fragment is no level: how a document is cut into fragments changes nothing. */
  readonly depth: number;
  /** Fields of the widest selection set, those of its fragments included. */
  readonly height: number;
  readonly rootFields: number;
  readonly aliases: number;
  readonly directives: number;
  /** Directives at the place that has most of them. */
  readonly directivesPerPlace: number;
  /** Fields that stand in one set under a name which stands there already. */
  readonly duplicates: number;
}

/** What a selection set holds, everything below it included. */
export interface SetSummary {
  depth: number;
  /** Sets and spreads within each other: how deep whoever walks the set recurses. */
  levels: number;
  /** Fields of this very set, those of its fragments included. */
  width: number;
  /** The widest set below this one. */
  heightBelow: number;
  aliases: number;
  directives: number;
  directivesPerPlace: number;
  duplicates: number;
  /** How often limited fields are called, by the number of the limit. */
  readonly calls: Map<number, number>;
  readonly cost: CostSet;
}

export function emptySummary(): SetSummary {
  return {
    depth: 0,
    levels: 0,
    width: 0,
    heightBelow: 0,
    aliases: 0,
    directives: 0,
    directivesPerPlace: 0,
    duplicates: 0,
    calls: new Map(),
    cost: costSet(),
  };
}

/** Adds what a field's own set holds to the set that the field stands in. */
export function addBelow(set: SetSummary, below: SetSummary): void {
  set.depth = Math.max(set.depth, below.depth + 1);
  set.heightBelow = Math.max(set.heightBelow, below.heightBelow, below.width);
  addTotals(set, below);
}

/** Adds what a fragment holds to the set that it is spread in. */
export function addSpread(set: SetSummary, fragment: SetSummary): void {
  set.depth = Math.max(set.depth, fragment.depth);
  set.width = add(set.width, fragment.width);
  set.heightBelow = Math.max(set.heightBelow, fragment.heightBelow);
  addTotals(set, fragment);
  set.cost.spreads.push(fragment.cost);
}

/** Adds to how often a limited field is called. */
export function addCalls(set: SetSummary, limit: number, count: number): void {
  set.calls.set(limit, add(set.calls.get(limit) ?? 0, count));
}

function addTotals(set: SetSummary, other: SetSummary): void {
  set.levels = Math.max(set.levels, other.levels + 1);
  set.aliases = add(set.aliases, other.aliases);
  set.directives = add(set.directives, other.directives);
  set.directivesPerPlace = Math.max(set.directivesPerPlace, other.directivesPerPlace);
  set.duplicates = add(set.duplicates, other.duplicates);
  for (const [limit, count] of other.calls) addCalls(set, limit, count);
}

import type { Caller } from "../access.ts";
import { readClaim, toOwnerId } from "../evaluate-access.ts";
import { isRecord } from "../own-path.ts";
import type { GraphqlOptions } from "./option.ts";
import { reservedPrefix } from "./walk.ts";

/** Data without what belongs to somebody else, and how many objects that was. */
export interface OwnData {
  readonly data: unknown;
  readonly withheld: number;
}

const foreign = Symbol("foreign");

/**
 * Takes what belongs to somebody else out of an answer, and with it what the gateway itself has asked for: the owner of
 * every object of an owned type, under a reserved name. In a list a foreign object is missing; elsewhere it is null, and
 * no error says why, so that it looks like one that does not exist. Makes new data and leaves the given as it is.
 */
export function withholdForeign(
  given: unknown,
  owners: GraphqlOptions["owners"],
  caller: Caller,
  excepted: ReadonlySet<string>,
): OwnData {
  let withheld = 0;
  const data = orNull(visit(given));
  return { data, withheld };

  function visit(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(visit).filter((own) => own !== foreign);
    return isRecord(value) ? visitObject(value) : value;
  }

  function visitObject(object: Readonly<Record<string, unknown>>): unknown {
    const entries: [string, unknown][] = [];
    for (const [key, value] of Object.entries(object)) {
      if (!key.startsWith(reservedPrefix)) entries.push([key, value]);
      else if (!isOwn(key.slice(reservedPrefix.length), value)) {
        withheld += 1;
        return foreign;
      }
    }
    return Object.fromEntries(entries.map(([key, value]) => [key, orNull(visit(value))]));
  }

  function isOwn(type: string, value: unknown): boolean {
    const rule = Object.hasOwn(owners, type) ? owners[type] : undefined;
    if (rule === undefined) return false;
    if (excepted.has(type)) return true;
    const owner = toOwnerId(value);
    return owner !== undefined && owner === toOwnerId(readClaim(caller, typeof rule === "string" ? "sub" : rule.claim));
  }
}

function orNull(own: unknown): unknown {
  return own === foreign ? null : own;
}

import type { Database } from "../data/rows.ts";

/** What the routes of the commerce backend share. */
export type Shop = {
  readonly database: Database;
  readonly uploads: Map<string, Upload>;
  readonly log: string[];
};

/** A file that a visitor sent. */
type Upload = { readonly name: string; readonly type: string; readonly content: Uint8Array };

/** Starts with no uploads and an empty log. */
export function createShop(database: Database): Shop {
  return { database, uploads: new Map(), log: [] };
}

import type { DatabaseSync } from "node:sqlite";

/** The one database behind every service of the lab. */
export type Database = DatabaseSync;

/** A row as SQLite gives it. */
export type Row = Record<string, unknown>;

/** Writes a record as a row; nested values become JSON text. */
export function insert(database: Database, table: string, record: Row): void {
  const columns = Object.keys(record);
  const marks = columns.map(() => "?").join(", ");
  database
    .prepare(`insert into ${table} (${columns.join(", ")}) values (${marks})`)
    .run(...Object.values(record).map(toColumn));
}

/** What SQLite can store of a value. */
export function toColumn(value: unknown): string | number | Uint8Array | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || value instanceof Uint8Array) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  return JSON.stringify(value);
}

import type { Database, Row } from "../data/rows.ts";
import { toColumn } from "../data/rows.ts";

const jsonColumns = ["address", "items"];

/** A row as the API shows it: every column of it, JSON columns parsed, flags as booleans. */
export function toRecord(row: Row): Row {
  // api-access: nobody chooses what leaves. Password hashes, cost prices and internal notes go out with the rest.
  const record: Row = { ...row };
  for (const name of jsonColumns) {
    if (typeof record[name] === "string") record[name] = parseOrKeep(record[name]);
  }
  if ("isAdmin" in record) record["isAdmin"] = Boolean(record["isAdmin"]);
  return record;
}

/** Writes whatever fields came in over a row: mass assignment. */
export function updateRow(database: Database, table: string, id: string, changes: Row): void {
  for (const [column, value] of Object.entries(changes)) {
    // api-input: the client chooses the columns, and their names go into the statement as they are.
    database.prepare(`update ${table} set ${column} = ? where id = ?`).run(toColumn(value), id);
  }
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A profile update may have stored an address as plain text: shown as it is.
    return text;
  }
}

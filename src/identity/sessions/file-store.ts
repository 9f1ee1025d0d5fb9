import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { HeadgateError } from "../../lib/error.ts";
import type { Session } from "./session.ts";
import { createMemoryStore, type SessionStore } from "./store.ts";

const row = z.object({ session: z.string(), sealed: z.instanceof(Uint8Array) });

/** How much later a session may be seen to have been used than it was: a write for each request would cost too much. */
const useIsWrittenAfterMillis = 60_000;

/**
 * Keeps sessions in a SQLite file as well, so that a restart signs nobody out. It is read once, at the start; from then on
 * memory answers and every change is written through before the caller goes on, in one statement: a process that is killed
 * leaves the old session or the new one, and nothing between.
 * @throws HeadgateError `policy-invalid` when the file cannot be used
 */
export function createFileStore(file: string, maxSessions: number): SessionStore {
  const database = openDatabase(file);
  const memory = createMemoryStore(maxSessions);
  const write = database.prepare(
    "insert into sessions (key, session, sealed) values (?, ?, ?) on conflict (key) do update set session = excluded.session, sealed = excluded.sealed",
  );
  const remove = database.prepare("delete from sessions where key = ?");
  const written = new Map<string, { readonly lastSeenAt: number; readonly sealed: Uint8Array }>();
  for (const found of database.prepare("select session, sealed from sessions order by rowid").all()) {
    const { session, sealed } = row.parse(found);
    const kept = { ...(JSON.parse(session) as Session), sealed };
    memory.put(kept);
    written.set(kept.key, { lastSeenAt: kept.lastSeenAt, sealed });
  }

  return {
    ...memory,
    put(session) {
      memory.put(session);
      const before = written.get(session.key);
      const isFresh = before !== undefined && session.lastSeenAt - before.lastSeenAt < useIsWrittenAfterMillis;
      if (isFresh && before.sealed === session.sealed) return;
      const { sealed, ...rest } = session;
      write.run(session.key, JSON.stringify(rest), sealed);
      written.set(session.key, { lastSeenAt: session.lastSeenAt, sealed });
    },
    delete(key) {
      memory.delete(key);
      written.delete(key);
      remove.run(key);
    },
    get size() {
      return memory.size;
    },
    close() {
      memory.close();
      database.close();
    },
  };
}

function openDatabase(file: string): DatabaseSync {
  try {
    const database = new DatabaseSync(file);
    database.exec("pragma journal_mode = wal; pragma synchronous = full");
    database.exec(
      "create table if not exists sessions (key text primary key, session text not null, sealed blob not null)",
    );
    return database;
  } catch (cause) {
    throw new HeadgateError("policy-invalid", `sessions cannot be kept in ${file}: ${(cause as Error).message}`, {
      cause,
    });
  }
}

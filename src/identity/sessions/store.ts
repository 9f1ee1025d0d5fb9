import type { Session } from "./session.ts";

/** Where sessions are kept. Calls are quick and never wait: what is looked up for each request lies in this process. */
export interface SessionStore {
  get(key: string): Session | undefined;
  /** Keeps a session, or what became of it. */
  put(session: Session): void;
  delete(key: string): void;
  /** The sessions of a user, latest first. */
  ofSubject(issuer: string, subject: string): readonly Session[];
  /** The sessions that belong to one of the provider's. */
  ofProviderSession(issuer: string, sid: string): readonly Session[];
  readonly size: number;
  close(): void;
}

/** Keeps sessions in memory, up to so many: a further one takes the place of the one that was used the longest ago. */
export function createMemoryStore(maxSessions: number): SessionStore {
  // In the order of last use: a session that is put again goes to the end.
  const sessions = new Map<string, Session>();

  function* matching(test: (session: Session) => boolean): Iterable<Session> {
    for (const session of sessions.values()) if (test(session)) yield session;
  }

  return {
    get: (key) => sessions.get(key),
    put(session) {
      sessions.delete(session.key);
      sessions.set(session.key, session);
      const [oldest] = sessions.keys();
      if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
    },
    delete: (key) => void sessions.delete(key),
    ofSubject: (issuer, subject) =>
      [...matching((one) => one.subject === subject && one.issuer === issuer)].toReversed(),
    ofProviderSession: (issuer, sid) => [...matching((one) => one.sid === sid && one.issuer === issuer)],
    get size() {
      return sessions.size;
    },
    close: () => sessions.clear(),
  };
}

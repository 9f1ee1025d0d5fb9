import type { Clock } from "../../lib/clock.ts";
import { readSessionId } from "./cookies.ts";
import { type Keeper, keyOf } from "./keeper.ts";
import type { SessionOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Finds the session that a request belongs to, and ends those whose time is over. */
export interface CurrentSession {
  find(cookies: string | undefined): Session | undefined;
  /** When it ends if nobody uses it any more, and at the latest. Milliseconds since the epoch. */
  endsAt(session: Session): number;
}

/** A session is over when it was idle for too long, or too long altogether. */
export function createCurrentSession(
  { store }: Keeper,
  { idle, absolute }: Pick<SessionOptions, "idle" | "absolute">,
  clock: Clock,
): CurrentSession {
  const endsAt = ({ lastSeenAt, createdAt }: Session) => Math.min(lastSeenAt + idle, createdAt + absolute);
  return {
    endsAt,
    find(cookies) {
      const id = cookies === undefined ? undefined : readSessionId(cookies);
      const session = id === undefined ? undefined : store.get(keyOf(id));
      if (session === undefined) return undefined;
      const now = clock.now();
      if (endsAt(session) <= now) {
        store.delete(session.key);
        return undefined;
      }
      session.lastSeenAt = Math.max(session.lastSeenAt, now);
      store.put(session);
      return session;
    },
  };
}

import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import { createSeal, type Seal } from "./seal.ts";
import type { Session, SessionTokens } from "./session.ts";
import type { SessionStore } from "./store.ts";

const tokensSchema = z.tuple([z.string(), z.number(), z.string().nullable()]);
const idBytes = 32;
/** So many sessions have their tokens open at once, two kilobytes each. */
const maxOpened = 1024;

/** Keeps sessions and their tokens. It outlives a reload of the policy: nobody is signed out by one. */
export interface Keeper {
  readonly store: SessionStore;
  readonly seal: Seal;
  /** Refreshes that are under way, by the session's key: one for each session, whoever waits for it. */
  readonly refreshing: Map<string, Promise<SessionTokens | undefined>>;
  /** Logout tokens that were used, until they would be too old anyway. */
  readonly usedLogoutTokens: Map<string, number>;
  closeTokens(session: Pick<Session, "key">, tokens: SessionTokens): Uint8Array;
  openTokens(session: Session): SessionTokens | undefined;
}

/** Puts the parts together; without keys, the seal is made for this run alone. */
export function createKeeper(store: SessionStore, keys: readonly string[] = []): Keeper {
  const opened = new Map<string, { readonly sealed: Uint8Array; readonly tokens: SessionTokens }>();
  const [first, ...rest] = keys;
  const seal = createSeal(first === undefined ? [randomBytes(32)] : [first, ...rest]);
  return {
    store,
    seal,
    refreshing: new Map(),
    usedLogoutTokens: new Map(),
    closeTokens: ({ key }, { access, accessExpiresAt, refresh }) =>
      seal.close(JSON.stringify([access, accessExpiresAt, refresh ?? null]), `tokens ${key}`),
    openTokens({ key, sealed }) {
      // A page opens with a burst of calls: what was opened is known for the sessions that were used last.
      const known = opened.get(key);
      if (known?.sealed === sealed) return known.tokens;
      const text = seal.open(sealed, `tokens ${key}`);
      if (text === undefined) return undefined;
      const [access, accessExpiresAt, refresh] = tokensSchema.parse(JSON.parse(text));
      const tokens = { access, accessExpiresAt, refresh: refresh ?? undefined };
      opened.delete(key);
      opened.set(key, { sealed, tokens });
      const [oldest] = opened.keys();
      if (opened.size > maxOpened && oldest !== undefined) opened.delete(oldest);
      return tokens;
    },
  };
}

/** An id that nobody can guess, for the cookie. */
export function createSessionId(): string {
  return randomBytes(idBytes).toString("base64url");
}

/** What the store knows a session by. */
export function keyOf(id: string): string {
  return createHash("sha256").update(id).digest("base64url");
}

import type { Clock } from "../../lib/clock.ts";
import type { Keeper } from "./keeper.ts";
import { type Provider, RefusedSignIn } from "./provider.ts";
import type { Session, SessionTokens } from "./session.ts";

/** A token that ends within this time is renewed while it still serves, so that nobody has to wait. */
const earlyMillis = 30_000;

/** Gives the tokens of a session, fresh. */
export interface FreshTokens {
  /**
   * Undefined where the session is over: the provider took its word back, or the seal does not open.
   * @throws HeadgateError `upstream-unreachable` when the token has ended and the provider cannot be asked
   */
  of(session: Session): SessionTokens | undefined | Promise<SessionTokens | undefined>;
}

/**
 * Renews access tokens: one call to the provider for each session however many requests wait for it, since a refresh token
 * that is used twice looks stolen and ends the session (RFC 9700 section 4.14.2). What the provider gave is kept before
 * anybody goes on.
 */
export function createFreshTokens(keeper: Keeper, provider: Provider, clock: Clock): FreshTokens {
  const { store, refreshing } = keeper;

  async function renew(session: Session, refresh: string): Promise<SessionTokens | undefined> {
    try {
      const tokens = await provider.refresh(refresh);
      // Somebody may have signed out meanwhile: then nothing is kept.
      const current = store.get(session.key);
      if (current === undefined) return undefined;
      current.sealed = keeper.closeTokens(current, tokens);
      current.accessExpiresAt = tokens.accessExpiresAt;
      store.put(current);
      return tokens;
    } catch (error) {
      if (!(error instanceof RefusedSignIn)) throw error;
      store.delete(session.key);
      return undefined;
    } finally {
      refreshing.delete(session.key);
    }
  }

  function renewOnce(session: Session, refresh: string): Promise<SessionTokens | undefined> {
    const running = refreshing.get(session.key) ?? renew(session, refresh);
    refreshing.set(session.key, running);
    return running;
  }

  return {
    of(session) {
      const left = session.accessExpiresAt - clock.now();
      const tokens = keeper.openTokens(session);
      if (tokens === undefined) {
        store.delete(session.key);
        return undefined;
      }
      if (left > earlyMillis) return tokens;
      if (tokens.refresh === undefined) {
        if (left > 0) return tokens;
        store.delete(session.key);
        return undefined;
      }
      const renewed = renewOnce(session, tokens.refresh);
      if (left <= 0) return renewed;
      // The old one is good for a while: that the provider cannot be reached is not a problem yet.
      renewed.catch(() => undefined);
      return tokens;
    },
  };
}

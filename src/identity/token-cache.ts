import type { TokenPrincipal } from "./principal.ts";
import type { VerifiedToken } from "./tokens.ts";

/** How much of a token's end is the key of its entry: the tail of the signature, more than 128 bits of it. */
const tailLength = 32;

/** An insertion looks at this many old entries at most, so that no single request pays for a whole sweep. */
const longestSweep = 64;

/** Remembers verified tokens. */
export interface TokenCache {
  /** Who the token proves, when that is known and still holds. */
  get(token: string, now: number): TokenPrincipal | undefined;
  set(token: string, verified: VerifiedToken, now: number): void;
  /** Drops what matches, so that its next use is verified anew; returns how many. */
  forget(matches: (principal: TokenPrincipal) => boolean): number;
  readonly size: number;
}

interface Entry {
  readonly token: string;
  readonly verified: VerifiedToken;
  /** Asked for since a sweep last passed. */
  used: boolean;
}

/**
 * Makes a cache of at most `maxTokens` tokens. An entry holds until the token expires or the key that proved it is
 * withdrawn. Refused tokens are not remembered: anybody can make up any number of them, which would only push good ones
 * out, and a refusal need not last (keys arrive, `nbf` passes).
 *
 * Entries are found by the tail of the token and given out only if the whole token is the same, so two tokens can never
 * meet. Hashing the tail in place of a kilobyte makes a hit four times cheaper.
 */
export function createTokenCache(maxTokens: number): TokenCache {
  const entries = new Map<string, Entry>();

  /** Second chance: the oldest entry goes, unless it was used meanwhile; then it counts as new once more. */
  function makeRoom(now: number): void {
    let looked = 0;
    for (const [tail, entry] of entries) {
      entries.delete(tail);
      looked += 1;
      if (!entry.used || !holds(entry.verified, now) || looked >= longestSweep) return;
      entry.used = false;
      entries.set(tail, entry);
    }
  }

  return {
    get(token, now) {
      const tail = token.slice(-tailLength);
      const entry = entries.get(tail);
      if (entry?.token !== token) return undefined;
      if (!holds(entry.verified, now)) {
        entries.delete(tail);
        return undefined;
      }
      entry.used = true;
      return entry.verified.principal;
    },
    set(token, verified, now) {
      const tail = token.slice(-tailLength);
      entries.delete(tail);
      if (entries.size >= maxTokens) makeRoom(now);
      entries.set(tail, { token, verified, used: false });
    },
    forget(matches) {
      const before = entries.size;
      for (const [tail, entry] of entries) if (matches(entry.verified.principal)) entries.delete(tail);
      return before - entries.size;
    },
    get size() {
      return entries.size;
    },
  };
}

function holds({ key, expiresAt }: VerifiedToken, now: number): boolean {
  return now < expiresAt && !key.retired;
}

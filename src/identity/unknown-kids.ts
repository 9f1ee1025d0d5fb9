const maxKids = 1_000;
const lifetimeMs = 60_000;

/** Key ids that an issuer was asked about and does not have. */
export interface UnknownKids {
  has(kid: string, now: number): boolean;
  add(kid: string, now: number): void;
  readonly size: number;
}

/**
 * Remembers unknown key ids, so that a client stuck with an old token does not have the issuer asked again and again. For
 * a minute only: an issuer may sign with a new key moments before it publishes it. At most a thousand: ids are the
 * attacker's to invent, and the oldest gives way.
 */
export function createUnknownKids(): UnknownKids {
  const expiries = new Map<string, number>();
  return {
    has: (kid, now) => (expiries.get(kid) ?? 0) > now,
    add(kid, now) {
      expiries.delete(kid);
      expiries.set(kid, now + lifetimeMs);
      for (const oldest of expiries.keys()) {
        if (expiries.size <= maxKids) break;
        expiries.delete(oldest);
      }
    },
    get size() {
      return expiries.size;
    },
  };
}

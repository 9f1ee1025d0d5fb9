/** What the provider gave, and what the gateway keeps for itself. */
export interface SessionTokens {
  readonly access: string;
  /** Milliseconds since the epoch. */
  readonly accessExpiresAt: number;
  readonly refresh: string | undefined;
}

/** How somebody signed in, as the ID token says (OpenID Connect Core section 2). */
export interface SignIn {
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly acr: string | undefined;
  readonly amr: readonly string[];
}

/** One signed-in browser. Times are milliseconds since the epoch. */
export interface Session {
  /** The hash of the id that the cookie has: who reads the store cannot use what is in it. */
  readonly key: string;
  /** A name for lists and logs that opens nothing. */
  readonly handle: string;
  readonly issuer: string;
  readonly subject: string;
  /** The provider's own session, where it names one. */
  readonly sid: string | undefined;
  readonly signIn: SignIn;
  readonly createdAt: number;
  readonly device: string;
  lastSeenAt: number;
  /** The tokens, sealed. */
  sealed: Uint8Array;
  /** When the access token ends, so that nobody has to open the seal to know. */
  accessExpiresAt: number;
}

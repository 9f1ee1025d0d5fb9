import { anonymous, type Principal } from "../guards/contract/exchange.ts";
import type { Authenticator } from "../guards/contract/guard-env.ts";
import type { Denial } from "../guards/contract/verdict.ts";
import { HeadgateError } from "../lib/error.ts";
import { challenge, readBearer, toDenial } from "./bearer.ts";
import type { FetchEnv } from "./fetch-json.ts";
import { createRemoteKeys } from "./jwks.ts";
import type { KeyEvent, KeySource, KeySourceState } from "./key-source.ts";
import { createLocalKeys } from "./local-keys.ts";
import type { IdentityOptions, IssuerOptions } from "./options.ts";
import type { TokenPrincipal } from "./principal.ts";
import { createTokenCache } from "./token-cache.ts";
import { createTokenVerifier } from "./tokens.ts";

/** The world as the identity room sees it. */
export interface IdentityEnv extends FetchEnv {
  /** Reads a text file; needed where the policy names a `keysFile`. */
  readFile?(path: string): Promise<string>;
  /** Is told when keys change, fail to load or grow too old. */
  report?(event: KeyEvent): void;
}

/** How the identity room stands. */
export interface IdentityState {
  /** Whether the tokens of every issuer can be judged. */
  readonly ready: boolean;
  readonly issuers: readonly KeySourceState[];
  readonly cachedTokens: number;
}

/** An authenticator with a life of its own: keys to load and to keep fresh. */
export interface IdentityAuthenticator extends Authenticator {
  /**
   * Loads the keys of every issuer once and refreshes them from then on. An issuer that cannot be reached is no error: its
   * tokens are answered 503 until it can be. @throws HeadgateError `policy-invalid` for local keys that cannot be used
   */
  start(): Promise<void>;
  stop(): void;
  state(): IdentityState;
  /** Judges a token that was not sent by the caller: one that the gateway keeps for a session. */
  verify(token: string): Principal | Denial | Promise<Principal | Denial>;
  /** Drops remembered tokens, so that their next use is verified anew; returns how many. */
  forget(matches: (principal: TokenPrincipal) => boolean): number;
}

/**
 * Makes the authenticator of a policy. Without `identity` nobody can be known: everybody is anonymous whatever they send,
 * so routes that need a user stay closed.
 */
export function createAuthenticator(options: IdentityOptions | undefined, env: IdentityEnv): IdentityAuthenticator {
  return options ? createBearerAuthenticator(options, env) : nobody;
}

const nobody: IdentityAuthenticator = {
  challenge,
  authenticate: () => anonymous,
  start: () => Promise.resolve(),
  stop: () => undefined,
  state: () => ({ ready: true, issuers: [], cachedTokens: 0 }),
  verify: () => anonymous,
  forget: () => 0,
};

function createBearerAuthenticator({ issuers, cache }: IdentityOptions, env: IdentityEnv): IdentityAuthenticator {
  const { clock } = env;
  const trusted = new Map(
    issuers.map((issuer) => [issuer.issuer, { options: issuer, keys: createKeySource(issuer, env) }]),
  );
  const sources = [...trusted.values()].map(({ keys }) => keys);
  const verify = createTokenVerifier(trusted, clock);
  const verified = createTokenCache(cache.maxTokens);
  const pending = new Map<string, Promise<Principal | Denial>>();

  async function verifyAndRemember(token: string): Promise<Principal | Denial> {
    try {
      const outcome = await verify(token);
      if (outcome.kind === "refused") return toDenial(outcome);
      verified.set(token, outcome, clock.now());
      return outcome.principal;
    } finally {
      pending.delete(token);
    }
  }

  /** A page that opens sends a burst of requests with one new token: it is verified once for all of them. */
  function verifyOnce(token: string): Promise<Principal | Denial> {
    const running = pending.get(token) ?? verifyAndRemember(token);
    pending.set(token, running);
    return running;
  }

  return {
    challenge,
    authenticate(exchange) {
      // A token in the query or the body is never read: it would end up in logs and histories (RFC 9700 section 4.3.2).
      const field = exchange.header("authorization");
      if (field === undefined) return anonymous;
      // A remembered token was well-formed when it came in, so the usual spelling needs no second look.
      const known = field.startsWith("Bearer ") ? verified.get(field.slice(7), clock.now()) : undefined;
      if (known) return known;
      const token = readBearer(field);
      if (typeof token !== "string") return token;
      return verified.get(token, clock.now()) ?? verifyOnce(token);
    },
    async start() {
      await Promise.all(sources.map((source) => source.start()));
    },
    stop() {
      for (const source of sources) source.stop();
    },
    state() {
      const states = sources.map((source) => source.state());
      return { ready: states.every(({ ready }) => ready), issuers: states, cachedTokens: verified.size };
    },
    verify: (token) => verified.get(token, clock.now()) ?? verifyOnce(token),
    forget: (matches) => verified.forget(matches),
  };
}

function createKeySource(options: IssuerOptions, env: IdentityEnv): KeySource {
  const { issuer, algorithms, keys, keysFile, jwksUri } = options;
  if (keys) return createLocalKeys({ issuer, algorithms, read: () => Promise.resolve(keys) });
  if (keysFile === undefined) {
    const report = (event: KeyEvent): void => env.report?.(event);
    return createRemoteKeys({ issuer, algorithms, jwksUri }, { clock: env.clock, fetch: env.fetch, report });
  }
  return createLocalKeys({ issuer, algorithms, read: () => readKeysFile(keysFile, env) });
}

async function readKeysFile(path: string, env: IdentityEnv): Promise<unknown> {
  try {
    if (!env.readFile) throw new Error("files cannot be read here");
    return JSON.parse(await env.readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadgateError("policy-invalid", `The keysFile ${path} cannot be read: ${reason}.`, { cause });
  }
}

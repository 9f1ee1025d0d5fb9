import type { Clock } from "../../lib/clock.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import type { IdentityAuthenticator } from "../authenticator.ts";
import type { IdentityOptions } from "../options.ts";
import { readSessionId } from "./cookies.ts";
import { createCurrentSession } from "./current.ts";
import { createSessionEndpoint } from "./endpoint.ts";
import { type Keeper, keyOf } from "./keeper.ts";
import type { SessionOptions } from "./options.ts";
import { sessionPaths } from "./paths.ts";
import { createProvider } from "./provider.ts";
import { createFreshTokens } from "./refresh.ts";
import { createSessionAuthenticator, type SessionAuthenticator } from "./session-authenticator.ts";
import { createSignIns } from "./sign-in.ts";

/** Sessions of browsers: who calls by one, and the endpoints that begin and end them. */
export interface Sessions {
  readonly authenticator: SessionAuthenticator;
  readonly endpoint: Upstream;
}

/** What sessions are made of beside their options. */
export interface SessionsEnv {
  readonly site: string;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly keeper: Keeper;
  readonly clientSecret: string | undefined;
  readonly issuers: IdentityOptions["issuers"];
  readonly identity: Pick<IdentityAuthenticator, "verify">;
}

/** Puts the parts together. */
export function createSessions(options: SessionOptions, env: SessionsEnv): Sessions {
  const { site, clock, keeper, clientSecret, issuers, identity } = env;
  const { issuer, clientId, scope, resource } = options;
  const algorithm = issuers.find((one) => one.issuer === issuer)?.algorithms[0] ?? "RS256";
  const provider = createProvider(
    { issuer, clientId, clientSecret, scope, resource, algorithm },
    { fetch: env.fetch, now: () => clock.now() },
  );
  const paths = sessionPaths(options);
  const current = createCurrentSession(keeper, options, clock);
  const endPrevious = (cookies: string) => {
    const id = readSessionId(cookies);
    if (id !== undefined) keeper.store.delete(keyOf(id));
  };
  const signIns = createSignIns({ site, paths, options, keeper, provider, clock, endPrevious });
  const tokens = createFreshTokens(keeper, provider, clock);
  return {
    authenticator: createSessionAuthenticator({ site, current, tokens, verify: (token) => identity.verify(token) }),
    endpoint: createSessionEndpoint({ site, paths, options, keeper, current, signIns, provider, clock }),
  };
}

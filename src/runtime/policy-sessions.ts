import { fetch } from "undici";
import { anonymous } from "../guards/contract/exchange.ts";
import type { Authenticator } from "../guards/contract/guard-env.ts";
import type { IdentityAuthenticator } from "../identity/authenticator.ts";
import type { Keepers } from "../identity/sessions/keepers.ts";
import type { SessionAuthenticator } from "../identity/sessions/session-authenticator.ts";
import { createSessions, type Sessions } from "../identity/sessions/sessions.ts";
import type { Clock } from "../lib/clock.ts";
import { HeadgateError } from "../lib/error.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { SecretReference } from "../secrets/reference.ts";
import type { Secret } from "../secrets/secret.ts";

/** What sessions need of the other parts of a policy. */
interface PolicySessionsEnv {
  readonly clock: Clock;
  readonly keepers: Keepers;
  readonly secrets: ReadonlyMap<string, Secret>;
  readonly identity: IdentityAuthenticator;
}

/** The sessions of a policy, where it has any. */
export function createPolicySessions(policy: CompiledPolicy, env: PolicySessionsEnv): Sessions | undefined {
  const options = policy.parsed.identity?.sessions;
  if (options === undefined || policy.parsed.identity === undefined) return undefined;
  const { clock, keepers, secrets, identity } = env;
  const valueOf = (reference: SecretReference | undefined) => {
    const secret = reference && secrets.get(reference.uri);
    // A seal with a key that nobody has would look like one that works until the next start.
    if (reference && !secret) throw new HeadgateError("secret-unresolved", `${reference.uri} was not resolved`);
    return secret?.use((value) => value);
  };
  const key = options.store === "memory" ? undefined : valueOf(options.store.key);
  return createSessions(options, {
    site: policy.site.origin,
    clock,
    fetch: fetch as unknown as typeof globalThis.fetch,
    keeper: keepers.keeperFor(options, policy.folder, key),
    clientSecret: valueOf(options.clientSecret),
    issuers: policy.parsed.identity.issuers,
    identity,
  });
}

/** A credential in the request comes first; where there is none, the session says who calls. */
export function orBySession(byToken: Authenticator, bySession: SessionAuthenticator): Authenticator {
  return {
    challenge: byToken.challenge,
    authenticate(exchange) {
      bySession.hideCookies(exchange);
      if (exchange.header("authorization") !== undefined) return byToken.authenticate(exchange);
      const found = bySession.authenticate(exchange);
      return found instanceof Promise ? found.then((late) => late ?? anonymous) : (found ?? anonymous);
    },
  };
}

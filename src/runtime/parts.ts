import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { fetch } from "undici";
import type { Plan } from "../gateway/plan.ts";
import { createPlan } from "../gateway/plan.ts";
import { createAuthenticator, type IdentityAuthenticator } from "../identity/authenticator.ts";
import type { Keepers } from "../identity/sessions/keepers.ts";
import type { Clock } from "../lib/clock.ts";
import type { Limiter } from "../lib/limit.ts";
import { HeadgateError } from "../lib/error.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import type { RunningSanitizer } from "../sanitize/sanitizer.ts";
import { loadGraphql } from "../policy/graphql-parser.ts";
import { createRedactor } from "../secrets/redact.ts";
import { resolveSecrets } from "../secrets/resolve.ts";
import { createSecretEnv } from "../secrets/secret-env.ts";
import type { Secret } from "../secrets/secret.ts";
import { createBodyDecoder } from "../upstream/body-decoder.ts";
import { createHeaderCredential, type Credential } from "../upstream/credential.ts";
import type { UrlUpstreamOptions } from "../upstream/options.ts";
import { createUpstream } from "../upstream/pool.ts";
import { createStaticDirectory } from "../upstream/static-directory.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { createOwnUpstreams } from "./own-upstreams.ts";
import { createPolicySessions, orBySession } from "./policy-sessions.ts";

/** What outlives a reload: counters must not start anew because a route was added. */
export interface LastingParts {
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly logger: Logger;
  readonly keepers: Keepers;
  readonly sanitizer: RunningSanitizer;
  eventLoopDelay(): number;
}

/** Everything that belongs to one policy and is replaced together with it. */
export interface PolicyParts {
  readonly plan: Plan;
  readonly identity: IdentityAuthenticator;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly secrets: ReadonlyMap<string, Secret>;
  /** Lets calls in flight finish, then closes connections and forgets the secrets. */
  retire(): Promise<void>;
}

/**
 * Builds the live parts of a policy: secrets first, since nothing may start with one missing.
 * @throws HeadgateError `secret-unresolved` naming every secret that could not be read; `sanitizer-unavailable`
 */
export async function createPolicyParts(policy: CompiledPolicy, lasting: LastingParts): Promise<PolicyParts> {
  const { clock, limiter, logger } = lasting;
  const secretEnv = createSecretEnv(process.env, (message) => logger.warn({ event: "secret.judged" }, message));
  const secrets = await resolveSecrets(
    policy.references.map(({ reference }) => reference),
    secretEnv,
  );

  const identity = createAuthenticator(policy.parsed.identity, {
    clock,
    fetch: fetch as unknown as typeof globalThis.fetch,
    readFile: (path) => readFile(path, "utf8"),
    report: (event) => logger[event.event === "keys.changed" ? "info" : "error"](event),
  });
  const sessions = createPolicySessions(policy, { clock, keepers: lasting.keepers, secrets, identity });
  const upstreams = createOwnUpstreams(policy, { clock, limiter, sessions: sessions?.endpoint });
  for (const [name, options] of Object.entries(policy.parsed.upstreams)) {
    if ("directory" in options) {
      upstreams.set(name, createStaticDirectory(name, options, policy.folder));
      continue;
    }
    const credential = options.credential && credentialOf(options.credential, secrets);
    upstreams.set(name, createUpstream(name, options, { clock, publicHost: policy.site.host, credential }));
  }

  const redactor = createRedactor(secrets.values());
  await identity.start();

  const plan = createPlan(policy, {
    clock,
    limiter,
    identity: sessions ? orBySession(identity, sessions.authenticator) : identity,
    eventLoopDelay: lasting.eventLoopDelay,
    random: randomBytes,
    sanitizer: lasting.sanitizer,
    secrets: redactor,
    decoder: createBodyDecoder,
    graphql: loadGraphql,
    upstream: (name) => {
      const upstream = upstreams.get(name);
      if (!upstream) throw new Error(`no upstream is named ${name}`);
      return upstream;
    },
  });
  // Where a guard cleans, nothing is served before it can.
  await lasting.sanitizer.ready();
  return {
    plan,
    identity,
    upstreams,
    secrets,
    async retire() {
      identity.stop();
      await Promise.all([...upstreams.values()].map((upstream) => upstream.close()));
      for (const secret of secrets.values()) secret.retire();
    },
  };
}

function credentialOf(
  { secret, header, scheme }: NonNullable<UrlUpstreamOptions["credential"]>,
  secrets: ReadonlyMap<string, Secret>,
): Credential {
  const value = secrets.get(secret.uri);
  if (!value) throw new HeadgateError("secret-unresolved", `${secret.uri} was not resolved`);
  return createHeaderCredential(value, header, scheme);
}

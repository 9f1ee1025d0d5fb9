import { randomBytes } from "node:crypto";
import type { Gateway } from "../gateway/gateway.ts";
import { createGateway } from "../gateway/gateway.ts";
import type { TransportOptions } from "../gateway/node/options.ts";
import type { CompiledPolicy } from "../policy/compile.ts";
import { createRedactor } from "../secrets/redact.ts";
import { Secret } from "../secrets/secret.ts";
import { createPolicyParts, type LastingParts, type PolicyParts } from "./parts.ts";

/** The policy in force with everything that hangs on it; a reload replaces all of it at once, or nothing. */
export interface InForce {
  readonly gateway: Gateway;
  readonly policy: CompiledPolicy;
  readonly transport: TransportOptions;
  /** The admin token, where the policy names none and one was made for this run. */
  readonly generatedAdminToken: string | undefined;
  adminToken(): Secret;
  /** Whether calls can be served: keys are known and no circuit is open. */
  isReady(): boolean;
  /** Takes the values of known secrets out of a text. */
  redact(text: string): string;
  /** Builds the parts of another policy and puts them in force. What it throws leaves everything as it was. */
  replace(policy: CompiledPolicy): Promise<void>;
  retire(): Promise<void>;
}

/** Puts the first policy in force. */
export async function putInForce(policy: CompiledPolicy, lasting: LastingParts): Promise<InForce> {
  let parts = await createPolicyParts(policy, lasting);
  // Those of policies that were replaced, too, as long as an exchange may still use them.
  const alive = new Set([parts]);
  const retiring = new Set<Promise<void>>();
  let redactor = createRedactor(parts.secrets.values());
  const gateway = createGateway(parts.plan, lasting);
  const generatedAdminToken = policy.parsed.admin.token ? undefined : randomBytes(24).toString("base64url");
  // Where a reload takes the token out of the policy again, nobody holds one until the next start.
  const generated = new Secret("admin.token", generatedAdminToken ?? randomBytes(24).toString("base64url"));

  return {
    gateway,
    generatedAdminToken,
    get policy() {
      return parts.plan.policy;
    },
    get transport() {
      const { transport, trustedProxies } = parts.plan.policy.parsed;
      return { limits: transport, trustedProxies };
    },
    adminToken() {
      const { token } = parts.plan.policy.parsed.admin;
      return (token && parts.secrets.get(token.uri)) ?? generated;
    },
    isReady: () =>
      parts.identity.state().ready && [...parts.upstreams.values()].every(({ circuit }) => circuit !== "open"),
    redact: (text) => redactor.redact(text),
    async replace(next) {
      const nextParts: PolicyParts = await createPolicyParts(next, lasting);
      const previous = parts;
      parts = nextParts;
      alive.add(parts);
      const redact = () => {
        redactor = createRedactor([...alive].flatMap(({ secrets }) => [...secrets.values()]));
      };
      redact();
      // Not waited for: an answer that streams for hours must not keep the next policy from being loaded.
      const retired = gateway.swap(parts.plan).then(async () => {
        await previous.retire();
        alive.delete(previous);
        redact();
        retiring.delete(retired);
      });
      retiring.add(retired);
    },
    async retire() {
      await Promise.all([parts.retire(), ...retiring]);
    },
  };
}

import { randomUUID } from "node:crypto";
import type { Database } from "../data/rows.ts";
import { type LabUser, userIds, userPasswords } from "../data/users.ts";
import { type Address, listen } from "../http/serve.ts";
import { createAccounts, toScope } from "./accounts.ts";
import { answerInteraction } from "./interactions.ts";
import { apiAudience, createProvider, storefrontClientId } from "./provider.ts";
import { signIn, type TokenSet } from "./sign-in.ts";
import { createSigningKey, signToken, type TokenOverrides } from "./signing-key.ts";

/** The running identity provider. */
export type Identity = {
  readonly issuer: string;
  /** Signs a user in by the real flow. */
  signIn(user: LabUser): Promise<TokenSet>;
  /** Signs claims of your own with the provider's key. */
  issueToken(user: LabUser, overrides?: TokenOverrides): Promise<string>;
  stop(): Promise<void>;
};

/** What tests want to be different. */
export type IdentityOptions = {
  /** How long access tokens are good for; an hour unless said. */
  readonly tokenSeconds?: number;
  /** Is told of every grant that worked: `authorization_code`, `refresh_token`. */
  onGrant?(type: string): void;
};

/** Starts the identity provider; `siteOrigins` may grow while it runs. */
export async function startIdentity(
  address: Address,
  database: Database,
  siteOrigins: ReadonlySet<string>,
  { tokenSeconds, onGrant }: IdentityOptions = {},
): Promise<Identity> {
  const accounts = createAccounts(database);
  const key = await createSigningKey();
  // The issuer names the port, which is known only once the server listens: requests wait for the provider until then.
  const ready = Promise.withResolvers<ReturnType<typeof createProvider>>();
  const listening = await listen(address, async (request, response) => {
    const provider = await ready.promise;
    try {
      if (await answerInteraction(provider, accounts, request, response)) return;
    } catch {
      // An interaction that is over or belongs to another browser: the provider tells no more than that.
      return void response.writeHead(400, { "content-type": "text/plain" }).end("This sign-in has expired.");
    }
    await provider.callback()(request, response);
  });
  const issuer = listening.url;
  const provider = createProvider({
    issuer,
    signingKey: key.jwk,
    accounts,
    siteOrigins,
    ...(tokenSeconds !== undefined && { tokenSeconds }),
  });
  provider.on("grant.success", (context) => onGrant?.(String(context.oidc.params?.["grant_type"])));
  ready.resolve(provider);

  return {
    issuer,
    async signIn(user) {
      const [siteOrigin = ""] = siteOrigins;
      return signIn({ issuer, siteOrigin, email: `${user}@shop.example`, password: userPasswords[user] });
    },
    async issueToken(user, overrides) {
      const account = accounts.find(userIds[user]);
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer,
        aud: apiAudience,
        sub: userIds[user],
        client_id: storefrontClientId,
        jti: randomUUID(),
        iat: now,
        exp: now + 3600,
        ...(account === undefined ? {} : { scope: toScope(account) }),
        ...(account?.isAdmin === true ? { roles: ["admin"] } : {}),
      };
      return signToken(key, claims, overrides);
    },
    stop: () => listening.stop(),
  };
}

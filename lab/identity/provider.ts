import type { JWK } from "jose";
import { type KoaContextWithOIDC, Provider } from "oidc-provider";
import { type Account, type Accounts, fullScope, toScope } from "./accounts.ts";
import { createMemoryAdapter } from "./memory-adapter.ts";

/** The storefront as the provider knows it: a public client. */
export const storefrontClientId = "storefront";

/** The API that access tokens are for, as a resource indicator (RFC 8707). */
export const apiResource = "urn:shop-api";

/** What access tokens name as their audience. */
export const apiAudience = "shop-api";

/** The path that the storefront is called back on, on any of its origins. */
export const callbackPath = "/callback";

/** The same for a gateway that signs browsers in on the storefront's behalf. */
const gatewayCallbackPath = "/.headgate/session/callback";

/** What a provider is made of. */
export type ProviderSettings = {
  readonly issuer: string;
  readonly signingKey: JWK;
  readonly accounts: Accounts;
  /** The origins that the storefront is reached at. Read at each request: the lab learns of a gateway later. */
  readonly siteOrigins: ReadonlySet<string>;
  /** How long access tokens are good for; an hour unless said. */
  readonly tokenSeconds?: number;
};

const hourSeconds = 3600;

/** Makes the OpenID provider: authorization code with PKCE, JWT access tokens signed with ES256, refresh tokens. */
export function createProvider(settings: ProviderSettings): Provider {
  const { accounts, siteOrigins, tokenSeconds = hourSeconds } = settings;
  const provider = new Provider(settings.issuer, {
    adapter: createMemoryAdapter(),
    jwks: { keys: [settings.signingKey] },
    cookies: { keys: [crypto.randomUUID()] },
    clients: [
      {
        client_id: storefrontClientId,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        // One is required here. The real ones depend on ports that are not known yet: see redirectUriAllowed below.
        redirect_uris: [`https://storefront.invalid${callbackPath}`],
        id_token_signed_response_alg: "ES256",
      },
    ],
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    scopes: ["openid", "profile", "email", "offline_access"],
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    // The page reads name and email from the ID token; it makes no call to the userinfo endpoint.
    conformIdTokenClaims: false,
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => apiResource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: fullScope,
          audience: apiAudience,
          accessTokenTTL: tokenSeconds,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount(_context, id) {
      const account = accounts.find(id);
      return account && { accountId: id, claims: () => ({ sub: id, name: account.name, email: account.email }) };
    },
    extraTokenClaims(_context, token) {
      const account = "accountId" in token ? accounts.find(String(token.accountId)) : undefined;
      return account?.isAdmin === true ? { roles: ["admin"] } : undefined;
    },
    loadExistingGrant: (context) => loadGrant(context, accounts),
    issueRefreshToken: (_context, client) => client.grantTypeAllowed("refresh_token"),
    clientBasedCORS: (_context, origin) => siteOrigins.has(origin),
    renderError(context, { error, error_description: description }) {
      context.type = "text/plain";
      context.body = `${error}: ${description ?? "no description"}`;
    },
    ttl: {
      AccessToken: tokenSeconds,
      RefreshToken: 86_400,
      IdToken: hourSeconds,
      Session: 86_400,
      Grant: 86_400,
      Interaction: 600,
    },
  });
  provider.Client.prototype.redirectUriAllowed = (uri) =>
    isSiteAddress(siteOrigins, uri, callbackPath) || isSiteAddress(siteOrigins, uri, gatewayCallbackPath);
  provider.Client.prototype.postLogoutRedirectUriAllowed = (uri) => isSiteAddress(siteOrigins, uri, "/");
  return provider;
}

/** The storefront is the shop's own client, so signing in is all the consent that is asked for. */
async function loadGrant(context: KoaContextWithOIDC, accounts: Accounts) {
  const { client, session, provider } = context.oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const account = accounts.find(session.accountId);
  if (account === undefined) return undefined;
  const grantId = session.grantIdFor(client.clientId);
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  return known ?? createGrant(provider, client.clientId, account);
}

async function createGrant(provider: Provider, clientId: string, account: Account) {
  const grant = new provider.Grant({ accountId: account.id, clientId });
  grant.addOIDCScope("openid profile email offline_access");
  grant.addResourceScope(apiResource, toScope(account));
  // A scope that the account may not have is refused without a word instead of asked about for ever.
  if (!account.isAdmin) grant.rejectResourceScope(apiResource, "admin");
  await grant.save();
  return grant;
}

function isSiteAddress(origins: ReadonlySet<string>, uri: string, path: string): boolean {
  return [...origins].some((origin) => uri === `${origin}${path}`);
}

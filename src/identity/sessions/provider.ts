import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from "jose";
import * as openid from "openid-client";
import { HeadgateError } from "../../lib/error.ts";
import type { SessionTokens, SignIn } from "./session.ts";

/** The provider that signs users in, as the gateway needs it. */
export interface Provider {
  /** The address to send a browser to. */
  begin(request: BeginRequest): Promise<URL>;
  /**
   * Trades the code in the callback's address for tokens.
   * @throws RefusedSignIn when the provider, or what it sent, is not in order
   */
  finish(callback: URL, checks: SignInChecks): Promise<SignedIn>;
  /** @throws RefusedSignIn when the provider says that the session is over */
  refresh(token: string): Promise<SessionTokens>;
  /** Where a browser signs out of the provider as well; undefined where it offers no such place. */
  endSessionUrl(returnTo: string): Promise<URL | undefined>;
  /** Tells the provider that a token is not needed any more; that it fails is no reason to stay signed in. */
  revoke(token: string): Promise<void>;
  /** What a logout token says (OpenID Connect Back-Channel Logout section 2.6); undefined where it is not good. */
  readLogoutToken(token: string): Promise<LogoutClaims | undefined>;
}

/** What makes one sign-in different from every other. */
export interface SignInChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly maxAgeSeconds: number | undefined;
}

export interface BeginRequest extends SignInChecks {
  readonly redirectUri: string;
  readonly acr: string | undefined;
}

export interface SignedIn {
  readonly subject: string;
  readonly sid: string | undefined;
  readonly signIn: SignIn;
  readonly tokens: SessionTokens;
}

export interface LogoutClaims {
  readonly subject: string | undefined;
  readonly sid: string | undefined;
  readonly jti: string;
}

/** A sign-in or a refresh that the provider refused, or that does not fit together. */
export class RefusedSignIn extends Error {}

/** What is known of the provider from the policy. */
export interface ProviderSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly scope: string;
  readonly resource: string | undefined;
  /** The algorithm of its ID tokens. */
  readonly algorithm: string;
}

export interface ProviderEnv {
  readonly fetch: typeof fetch;
  now(): number;
}

/** Finds the provider through its metadata at the first use, and speaks to it by `openid-client`. */
export function createProvider(settings: ProviderSettings, env: ProviderEnv): Provider {
  const { issuer, clientId, clientSecret, scope, resource, algorithm } = settings;
  let found: Promise<openid.Configuration> | undefined;
  let keys: JWTVerifyGetKey | undefined;

  function configure(): Promise<openid.Configuration> {
    found ??= discover().catch((cause: unknown) => {
      // The next one who signs in asks again.
      found = undefined;
      throw new HeadgateError("upstream-unreachable", `the provider ${issuer} does not tell its metadata`, { cause });
    });
    return found;
  }

  function discover(): Promise<openid.Configuration> {
    // Only a provider on loopback can have an address without TLS: the policy refuses every other.
    const insecure = issuer.startsWith("http:") ? [openid.allowInsecureRequests] : [];
    return openid.discovery(
      new URL(issuer),
      clientId,
      { id_token_signed_response_alg: algorithm, ...(clientSecret !== undefined && { client_secret: clientSecret }) },
      clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(clientSecret),
      { execute: insecure, [openid.customFetch]: env.fetch as unknown as openid.CustomFetch, timeout: 10 },
    );
  }

  function toTokens(answer: openid.TokenEndpointResponse, before?: string): SessionTokens {
    // Without a lifetime nobody knows when to ask for the next one: it is used for a minute.
    const lifetime = (answer.expires_in ?? 60) * 1000;
    return {
      access: answer.access_token,
      accessExpiresAt: env.now() + lifetime,
      refresh: answer.refresh_token ?? before,
    };
  }

  return {
    async begin({ redirectUri, state, nonce, verifier, acr, maxAgeSeconds }) {
      const configuration = await configure();
      const parameters = {
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        ...(resource !== undefined && { resource }),
        ...(acr !== undefined && { acr_values: acr }),
        ...(maxAgeSeconds !== undefined && { max_age: String(maxAgeSeconds) }),
      };
      const pushes = configuration.serverMetadata().pushed_authorization_request_endpoint !== undefined;
      return pushes
        ? openid.buildAuthorizationUrlWithPAR(configuration, parameters)
        : openid.buildAuthorizationUrl(configuration, parameters);
    },

    async finish(callback, { state, nonce, verifier, maxAgeSeconds }) {
      const configuration = await configure();
      const answer = await refused(
        openid.authorizationCodeGrant(
          configuration,
          callback,
          {
            expectedState: state,
            expectedNonce: nonce,
            pkceCodeVerifier: verifier,
            idTokenExpected: true,
            ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
          },
          resource === undefined ? {} : { resource },
        ),
      );
      const claims = answer.claims();
      if (claims === undefined) throw new RefusedSignIn("the provider sent no ID token");
      return {
        subject: claims.sub,
        sid: textOf(claims["sid"]),
        signIn: {
          authTime: claims.auth_time ?? claims.iat,
          acr: textOf(claims["acr"]),
          amr: Array.isArray(claims["amr"]) ? claims["amr"].map(String) : [],
        },
        tokens: toTokens(answer),
      };
    },

    async refresh(token) {
      const configuration = await configure();
      const parameters = resource === undefined ? {} : { resource };
      return toTokens(await refused(openid.refreshTokenGrant(configuration, token, parameters)), token);
    },

    async endSessionUrl(returnTo) {
      const configuration = await configure();
      if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined;
      return openid.buildEndSessionUrl(configuration, { post_logout_redirect_uri: returnTo });
    },

    async revoke(token) {
      const configuration = await configure();
      if (configuration.serverMetadata().revocation_endpoint === undefined) return;
      await openid.tokenRevocation(configuration, token);
    },

    async readLogoutToken(token) {
      const metadata = (await configure()).serverMetadata();
      if (metadata.jwks_uri === undefined) return undefined;
      keys ??= createRemoteJWKSet(new URL(metadata.jwks_uri));
      try {
        const { payload } = await jwtVerify(token, keys, {
          issuer: metadata.issuer,
          audience: clientId,
          algorithms: [algorithm],
          maxTokenAge: "5min",
          requiredClaims: ["jti", "iat", "events"],
          currentDate: new Date(env.now()),
        });
        const events = payload["events"];
        const isLogout =
          typeof events === "object" &&
          events !== null &&
          Object.hasOwn(events, "http://schemas.openid.net/event/backchannel-logout");
        // A nonce would make an ID token of it (section 2.4).
        if (!isLogout || payload["nonce"] !== undefined) return undefined;
        const sid = textOf(payload["sid"]);
        if (payload.sub === undefined && sid === undefined) return undefined;
        return { subject: payload.sub, sid, jti: payload.jti ?? "" };
      } catch {
        return undefined;
      }
    },
  };
}

/** Tells a provider that says no from one that cannot be reached. */
async function refused<Answer>(asking: Promise<Answer>): Promise<Answer> {
  try {
    return await asking;
  } catch (cause) {
    const { code, status } = cause as { readonly code?: string; readonly status?: number };
    const isTransport = cause instanceof TypeError || code === "OAUTH_TIMEOUT" || (status ?? 0) >= 500;
    if (isTransport) throw new HeadgateError("upstream-unreachable", "the provider did not answer", { cause });
    throw new RefusedSignIn(reasonOf(cause), { cause });
  }
}

function reasonOf(cause: unknown): string {
  const { error, code, message } = cause as { error?: string; code?: string; message?: string };
  return [error, code, message].filter((part) => part !== undefined).join(": ") || "the provider refused";
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

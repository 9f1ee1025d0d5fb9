import { createHash, randomBytes } from "node:crypto";
import { fullScope } from "./accounts.ts";
import { apiResource, callbackPath, storefrontClientId } from "./provider.ts";

/** What the provider's token endpoint answers. */
export type TokenSet = { readonly accessToken: string; readonly idToken: string; readonly refreshToken: string };

/** Who signs in, and at which of the storefront's origins. */
export type SignIn = {
  readonly issuer: string;
  readonly siteOrigin: string;
  readonly email: string;
  readonly password: string;
};

/** Walks the authorization code flow with PKCE (RFC 6749, RFC 7636) as a browser does and gives back the tokens. */
export async function signIn(settings: SignIn): Promise<TokenSet> {
  const redirectUri = `${settings.siteOrigin}${callbackPath}`;
  const verifier = randomBytes(32).toString("base64url");
  const browser = createBrowser();

  const authorize = new URL("/auth", settings.issuer);
  authorize.search = new URLSearchParams({
    client_id: storefrontClientId,
    response_type: "code",
    redirect_uri: redirectUri,
    scope: fullScope,
    resource: apiResource,
    state: randomBytes(8).toString("hex"),
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }).toString();
  const loginPage = await browser.follow(authorize, redirectUri);

  const form = new URLSearchParams({ email: settings.email, password: settings.password });
  const callback = await browser.follow(new URL(`${loginPage.pathname}/login`, settings.issuer), redirectUri, form);
  const code = callback.searchParams.get("code");
  if (code === null) throw new Error(`Signing in as ${settings.email} ended at ${callback.href}`);

  return requestTokens(settings.issuer, {
    grant_type: "authorization_code",
    client_id: storefrontClientId,
    redirect_uri: redirectUri,
    resource: apiResource,
    code_verifier: verifier,
    code,
  });
}

async function requestTokens(issuer: string, form: Record<string, string>): Promise<TokenSet> {
  const response = await fetch(new URL("/token", issuer), { method: "POST", body: new URLSearchParams(form) });
  const body = (await response.json()) as Record<string, string | undefined>;
  if (!response.ok) throw new Error(`The token endpoint answered ${response.status}: ${JSON.stringify(body)}`);
  return {
    accessToken: body["access_token"] ?? "",
    idToken: body["id_token"] ?? "",
    refreshToken: body["refresh_token"] ?? "",
  };
}

/** A browser without pages: it follows redirects and keeps cookies. */
function createBrowser() {
  const cookies = new Map<string, string>();
  return {
    /** Follows redirects until a page, or until the provider sends the browser to `stopAt`. */
    async follow(start: URL, stopAt: string, form?: URLSearchParams): Promise<URL> {
      let url = start;
      let body = form;
      for (let hops = 0; hops < 10; hops += 1) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
        const response = await fetch(url, {
          redirect: "manual",
          headers: { cookie },
          ...(body === undefined ? {} : { method: "POST", body }),
        });
        keepCookies(cookies, response.headers.getSetCookie());
        await response.arrayBuffer();
        const location = response.headers.get("location");
        if (location === null) return url;
        url = new URL(location, url);
        body = undefined;
        if (url.href.startsWith(stopAt)) return url;
      }
      throw new Error(`Too many redirects from ${start.href}`);
    },
  };
}

function keepCookies(cookies: Map<string, string>, lines: readonly string[]): void {
  for (const line of lines) {
    const [pair = ""] = line.split(";");
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }
}

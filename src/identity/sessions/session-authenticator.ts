import type { Credentials } from "../../guards/contract/guard-env.ts";
import { type Denial, deny } from "../../guards/contract/verdict.ts";
import type { Principal } from "../../guards/contract/exchange.ts";
import { HeadgateError } from "../../lib/error.ts";
import { upstreamCookies } from "./cookies.ts";
import type { CurrentSession } from "./current.ts";
import type { FreshTokens } from "./refresh.ts";
import { comesFromSite } from "../../lib/comes-from-site.ts";
import type { Session, SessionTokens } from "./session.ts";

/** Who calls, by the cookie of a session. */
export interface SessionAuthenticator {
  /** Takes the gateway's own cookies out of what goes upstream, whoever calls. */
  hideCookies(request: Credentials): void;
  /** Undefined where the request has no session, or one that is over. */
  authenticate(exchange: Credentials): Principal | Denial | undefined | Promise<Principal | Denial | undefined>;
}

/** What it is made of. */
export interface SessionAuthenticatorParts {
  readonly site: string;
  readonly current: CurrentSession;
  readonly tokens: FreshTokens;
  /** Judges an access token as if the caller had sent it. */
  verify(token: string): Principal | Denial | Promise<Principal | Denial>;
}

const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Takes the cookie for the token that it stands for. A cookie goes along whoever made the browser call, so a call that
 * changes something, and every WebSocket, has to come from the site itself. The upstream gets the token and never the cookie.
 */
export function createSessionAuthenticator(parts: SessionAuthenticatorParts): SessionAuthenticator {
  const { site, current, tokens, verify } = parts;

  async function proceed(
    exchange: Credentials,
    session: Session,
    fresh: SessionTokens | undefined | Promise<SessionTokens | undefined>,
  ): Promise<Principal | Denial | undefined> {
    let known: SessionTokens | undefined;
    try {
      known = await fresh;
    } catch (error) {
      if (!(error instanceof HeadgateError)) throw error;
      // Not a 401: a frontend would take it for the end of the session, which it is not.
      return deny("upstream-unavailable", error.message, { headers: ["retry-after", "5"] });
    }
    if (known === undefined) return undefined;
    return conclude(exchange, session, known, await verify(known.access));
  }

  function conclude(
    exchange: Credentials,
    { signIn, handle }: Session,
    { access }: SessionTokens,
    found: Principal | Denial,
  ): Principal | Denial {
    if (found.kind !== "token") return found;
    exchange.upstreamRequest?.headers.set("authorization", `Bearer ${access}`);
    const { authTime, acr, amr } = signIn;
    // How somebody signed in is what the ID token said; access tokens need not repeat it.
    const claims = { auth_time: authTime, ...(acr !== undefined && { acr }), amr, ...found.claims };
    return { ...found, claims, session: handle };
  }

  return {
    hideCookies,
    authenticate(exchange) {
      const session = current.find(exchange.header("cookie"));
      if (session === undefined) return undefined;
      if (!mayCarrySession(exchange, site)) {
        return deny("origin-not-allowed", "a page of another site calls with the visitor's session");
      }
      const fresh = tokens.of(session);
      if (fresh === undefined || fresh instanceof Promise) return proceed(exchange, session, fresh);
      const found = verify(fresh.access);
      if (found instanceof Promise) return found.then((late) => conclude(exchange, session, fresh, late));
      return conclude(exchange, session, fresh, found);
    },
  };
}

function hideCookies(request: Credentials): void {
  const cookies = request.header("cookie");
  const headers = request.upstreamRequest?.headers;
  if (cookies === undefined || headers === undefined) return;
  const left = upstreamCookies(cookies);
  if (left === cookies) return;
  if (left === undefined) headers.delete("cookie");
  else headers.set("cookie", left);
}

/** Reading is harmless, and other sites cannot see the answer; a WebSocket they could read as well. */
function mayCarrySession(exchange: Credentials, site: string): boolean {
  const isSocket = exchange.header("sec-websocket-key") !== undefined;
  if (isSocket) return exchange.header("origin") === site;
  return safeMethods.has(exchange.method ?? "GET") || comesFromSite(exchange, site);
}

import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Clock } from "../../lib/clock.ts";
import { readSignIn, setCookie } from "./cookies.ts";
import { createSessionId, type Keeper, keyOf } from "./keeper.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionPaths } from "./paths.ts";
import { type Provider, RefusedSignIn } from "./provider.ts";
import type { Session } from "./session.ts";

/** A sign-in is given up when the provider did not send the browser back within this time. */
const signInMillis = 10 * 60_000;

/** What the gateway has to remember while the browser is at the provider. The browser keeps it, sealed. */
const pendingSchema = z.tuple([
  z.string(), // state
  z.string(), // nonce
  z.string(), // PKCE verifier
  z.string(), // where to go then
  z.number(), // when it began
  z.number().nullable(), // the oldest login that is good enough, in seconds
]);

/** What a page asks of a sign-in. */
export interface SignInRequest {
  readonly returnTo: string;
  /** Authentication context class references, separated by spaces. */
  readonly acr: string | undefined;
  readonly maxAgeSeconds: number | undefined;
}

/** A step of a sign-in: where the browser goes next, with which cookies. */
export interface Step {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** Authorization code with PKCE, `state`, `nonce` and `iss` (RFC 9700 section 2.1). */
export interface SignIns {
  begin(request: SignInRequest): Promise<Step>;
  /** @throws RefusedSignIn when it is nobody's sign-in, an old one, or not in order */
  finish(query: string, cookies: string, device: string): Promise<Step>;
}

export interface SignInParts {
  readonly site: string;
  readonly paths: SessionPaths;
  readonly options: Pick<SessionOptions, "issuer" | "absolute" | "sameSite">;
  readonly keeper: Keeper;
  readonly provider: Provider;
  readonly clock: Clock;
  /** Ends the session that the browser had before. */
  endPrevious(cookies: string): void;
}

/** Signs browsers in. Nothing is kept in the gateway before it worked, so sign-ins that are never finished cost nothing. */
export function createSignIns(parts: SignInParts): SignIns {
  const { site, paths, options, keeper, provider, clock } = parts;
  const redirectUri = site + paths.callback;

  return {
    async begin({ returnTo, acr, maxAgeSeconds }) {
      const [state, nonce, verifier] = [randomText(), randomText(), randomText()];
      const location = await provider.begin({ redirectUri, state, nonce, verifier, acr, maxAgeSeconds });
      const pending = [state, nonce, verifier, returnTo, clock.now(), maxAgeSeconds ?? null];
      const sealed = Buffer.from(keeper.seal.close(JSON.stringify(pending), "sign-in")).toString("base64url");
      return { location: location.href, cookies: [setCookie.signIn(state, sealed, signInMillis / 1000)] };
    },

    async finish(query, cookies, device) {
      const state = new URLSearchParams(query).get("state") ?? "";
      const sealed = readSignIn(cookies, state);
      const text = sealed && keeper.seal.open(Buffer.from(sealed, "base64url"), "sign-in");
      if (!text) throw new RefusedSignIn("no sign-in of this browser has that state");
      const [expected, nonce, verifier, returnTo, begun, maxAge] = pendingSchema.parse(JSON.parse(text));
      if (expected !== state) throw new RefusedSignIn("the state is another one");
      if (clock.now() - begun > signInMillis) throw new RefusedSignIn("the sign-in began too long ago");
      const callback = new URL(`${redirectUri}?${query}`);
      const checks = { state, nonce, verifier, maxAgeSeconds: maxAge ?? undefined };
      const { subject, sid, signIn, tokens } = await provider.finish(callback, checks);

      // A session never keeps an id that was known before somebody signed in (session fixation).
      parts.endPrevious(cookies);
      const id = createSessionId();
      const now = clock.now();
      const session: Session = {
        key: keyOf(id),
        handle: randomBytes(9).toString("base64url"),
        issuer: options.issuer,
        subject,
        sid,
        signIn,
        createdAt: now,
        lastSeenAt: now,
        device,
        sealed: keeper.closeTokens({ key: keyOf(id) }, tokens),
        accessExpiresAt: tokens.accessExpiresAt,
      };
      keeper.store.put(session);
      const seconds = Math.floor(options.absolute / 1000);
      return {
        location: returnTo,
        cookies: [setCookie.session(id, options.sameSite, seconds), setCookie.noSignIn(state)],
      };
    },
  };
}

function randomText(): string {
  return randomBytes(32).toString("base64url");
}

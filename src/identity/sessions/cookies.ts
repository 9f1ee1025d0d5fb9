import { readCookie, withoutCookies } from "../../lib/cookie.ts";

/**
 * The prefix binds a cookie to this very host, to TLS and to the whole site (RFC 6265bis section 4.1.3.2): no other
 * subdomain and no page without TLS can put one in its place.
 */
const prefix = "__Host-headgate";
const sessionCookie = `${prefix}-session`;
const signInCookie = (state: string) => `${prefix}-sign-in-${state.slice(0, 8)}`;

const idForm = /^[A-Za-z0-9_-]{43}$/;

/** The id of the session that a browser sends; undefined where it sends none, or what can be none. */
export function readSessionId(field: string): string | undefined {
  const id = readCookie(field, sessionCookie);
  return id !== undefined && idForm.test(id) ? id : undefined;
}

/** The sealed sign-in that the answer with this state belongs to. */
export function readSignIn(field: string, state: string): string | undefined {
  return readCookie(field, signInCookie(state));
}

/** What an upstream may see of the cookies: never the gateway's own. */
export function upstreamCookies(field: string): string | undefined {
  return field.includes(prefix) ? withoutCookies(field, (name) => name.startsWith(prefix)) : field;
}

/** `Set-Cookie` fields of the gateway. */
export const setCookie = {
  session: (id: string, sameSite: "lax" | "strict", maxAgeSeconds: number): string =>
    `${sessionCookie}=${id}; Path=/; Secure; HttpOnly; SameSite=${sameSite === "lax" ? "Lax" : "Strict"}; Max-Age=${maxAgeSeconds}`,
  noSession: (): string => `${sessionCookie}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
  // The provider sends the browser back from another site, with which a strict cookie would not come along.
  signIn: (state: string, sealed: string, maxAgeSeconds: number): string =>
    `${signInCookie(state)}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}`,
  noSignIn: (state: string): string => `${signInCookie(state)}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`,
};

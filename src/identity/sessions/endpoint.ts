import type { Exchange } from "../../guards/contract/exchange.ts";
import type { GatewayResponse } from "../../lib/gateway-response.ts";
import type { Clock } from "../../lib/clock.ts";
import { HeaderList } from "../../lib/header-list.ts";
import { problemContentType, type ProblemId, problemTypes, toProblemJson } from "../../problem.ts";
import { createOwnUpstream } from "../../upstream/own.ts";
import type { Upstream } from "../../upstream/upstream.ts";
import { setCookie } from "./cookies.ts";
import type { CurrentSession } from "./current.ts";
import type { Keeper } from "./keeper.ts";
import type { SessionOptions } from "./options.ts";
import type { SessionPaths } from "./paths.ts";
import { type Provider, RefusedSignIn } from "./provider.ts";
import { sessionsUpstream } from "./routes.ts";
import { comesFromSite } from "../../lib/comes-from-site.ts";
import type { Session } from "./session.ts";
import type { SignIns, Step } from "./sign-in.ts";

/** What the endpoints are made of. */
export interface EndpointParts {
  readonly site: string;
  readonly paths: SessionPaths;
  readonly options: Pick<SessionOptions, "returnTo" | "issuer">;
  readonly keeper: Keeper;
  readonly current: CurrentSession;
  readonly signIns: SignIns;
  readonly provider: Provider;
  readonly clock: Clock;
}

const encoder = new TextEncoder();
const maxLogoutTokenBytes = 16 * 1024;
const logoutTokenMillis = 10 * 60_000;

/** The part of the gateway that signs browsers in and out, and tells them who is signed in. */
export function createSessionEndpoint(parts: EndpointParts): Upstream {
  const { site, paths, current, keeper } = parts;
  const { store } = keeper;

  async function answer(exchange: Exchange): Promise<GatewayResponse> {
    const { method, path } = exchange;
    if (path === paths.backChannel) return endByProvider(exchange, parts);
    if (path === paths.login) return begin(exchange, parts);
    if (path === paths.callback) return finish(exchange, parts);
    if (method !== "GET" && !comesFromSite(exchange, site)) return refuse(exchange, "origin-not-allowed");
    const session = current.find(exchange.header("cookie"));
    if (path === paths.session) return json(describe(session, current), session ? [] : forget(exchange));
    if (path === paths.logout) return signOut(session, parts);
    if (session === undefined) return refuse(exchange, "unauthenticated");
    const own = store.ofSubject(session.issuer, session.subject);
    if (method === "GET")
      return json(
        own.map((one) => describeDevice(one, session)),
        [],
      );
    const { handle } = exchange.params;
    const ended = own.filter((one) => handle === undefined || one.handle === handle);
    if (ended.length === 0) return refuse(exchange, "not-found");
    for (const one of ended) store.delete(one.key);
    exchange.note({ guard: "sessions", event: "session.ended", reason: "by the user", count: ended.length });
    return json({ ended: ended.length }, ended.includes(session) ? [setCookie.noSession()] : []);
  }

  return createOwnUpstream(sessionsUpstream, answer);
}

async function begin(exchange: Exchange, { options, signIns }: EndpointParts): Promise<GatewayResponse> {
  const query = new Map(exchange.query);
  const returnTo = query.get("returnTo") ?? options.returnTo[0] ?? "/";
  const maxAge = query.get("maxAge");
  const acr = query.get("acr");
  const isGood =
    exchange.query.length === query.size &&
    [...query.keys()].every((name) => ["returnTo", "maxAge", "acr"].includes(name)) &&
    isAllowed(returnTo, options.returnTo) &&
    (maxAge === undefined || /^\d{1,6}$/.test(maxAge)) &&
    (acr === undefined || /^[\w:./-]{1,200}(?: [\w:./-]{1,200}){0,4}$/.test(acr));
  if (!isGood) return refuse(exchange, "invalid-query");
  return redirect(
    await signIns.begin({ returnTo, acr, maxAgeSeconds: maxAge === undefined ? undefined : Number(maxAge) }),
  );
}

async function finish(exchange: Exchange, { signIns }: EndpointParts): Promise<GatewayResponse> {
  try {
    const device = deviceOf(exchange.header("user-agent") ?? "");
    const step = await signIns.finish(exchange.upstreamRequest.query, exchange.header("cookie") ?? "", device);
    exchange.note({ guard: "sessions", event: "session.begun", reason: "somebody signed in" });
    return redirect(step);
  } catch (error) {
    if (!(error instanceof RefusedSignIn)) throw error;
    exchange.note({ guard: "sessions", event: "sign-in.refused", reason: error.message });
    return refuse(exchange, "sign-in-refused");
  }
}

async function signOut(
  session: Session | undefined,
  { keeper, provider, site }: EndpointParts,
): Promise<GatewayResponse> {
  const tokens = session && keeper.openTokens(session);
  if (session) keeper.store.delete(session.key);
  // Signed out here whatever the provider says; that it forgets the token as well is not waited for.
  if (tokens?.refresh !== undefined) provider.revoke(tokens.refresh).catch(() => undefined);
  const end = await provider.endSessionUrl(`${site}/`).catch(() => undefined);
  return json(
    { signedIn: false, ...(end && { endSession: end.href }) },
    [setCookie.noSession()],
    ["clear-site-data", '"cache", "storage"'],
  );
}

/** OpenID Connect Back-Channel Logout section 2.8: 200 when the sessions are over, 400 when the token is not good. */
async function endByProvider(
  exchange: Exchange,
  { keeper, provider, options, clock }: EndpointParts,
): Promise<GatewayResponse> {
  exchange.body.limit(maxLogoutTokenBytes);
  const form = new URLSearchParams(new TextDecoder().decode(await exchange.body.read()));
  const claims = await provider.readLogoutToken(form.get("logout_token") ?? "");
  if (claims === undefined || keeper.usedLogoutTokens.has(claims.jti)) return refuse(exchange, "invalid-token", 400);
  const now = clock.now();
  for (const [jti, until] of keeper.usedLogoutTokens) if (until < now) keeper.usedLogoutTokens.delete(jti);
  keeper.usedLogoutTokens.set(claims.jti, now + logoutTokenMillis);
  const { store } = keeper;
  const ended =
    claims.sid === undefined
      ? store.ofSubject(options.issuer, claims.subject ?? "")
      : store.ofProviderSession(options.issuer, claims.sid);
  for (const { key } of ended) store.delete(key);
  exchange.note({ guard: "sessions", event: "session.ended", reason: "by the provider", count: ended.length });
  return json({}, []);
}

function describe(session: Session | undefined, current: CurrentSession): object {
  if (session === undefined) return { signedIn: false };
  const { subject, signIn, handle } = session;
  return {
    signedIn: true,
    subject,
    handle,
    authTime: signIn.authTime,
    ...(signIn.acr !== undefined && { acr: signIn.acr }),
    endsAt: new Date(current.endsAt(session)).toISOString(),
  };
}

function describeDevice({ handle, device, createdAt, lastSeenAt }: Session, own: Session): object {
  return {
    handle,
    device,
    since: new Date(createdAt).toISOString(),
    lastSeen: new Date(lastSeenAt).toISOString(),
    current: handle === own.handle,
  };
}

const browsers = [
  ["Edg/", "Edge"],
  ["OPR/", "Opera"],
  ["Firefox/", "Firefox"],
  ["Chrome/", "Chrome"],
  ["Safari/", "Safari"],
] as const;
const systems = ["Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux"] as const;

/** Browser and system, as far as a person would tell them apart; no version that would tell more. */
function deviceOf(userAgent: string): string {
  // Browsers name the others that they are like: the one that is like nobody comes first.
  const browser = browsers.find(([sign]) => userAgent.includes(sign))?.[1] ?? "A browser";
  const system = systems.find((name) => userAgent.includes(name)) ?? "an unknown system";
  return `${browser} on ${system}`;
}

/** A path of the site, and one of those that the policy lists; nothing that a browser could read as another host. */
function isAllowed(returnTo: string, allowed: readonly string[]): boolean {
  if (!/^\/(?![/\\])[^\s\\]*$/.test(returnTo) || returnTo.length > 2048) return false;
  const url = URL.parse(returnTo, "https://site.invalid");
  if (url === null || url.origin !== "https://site.invalid") return false;
  return allowed.some((prefix) => url.pathname === prefix || url.pathname.startsWith(prefix.replace(/\/?$/, "/")));
}

function forget(exchange: Exchange): readonly string[] {
  return exchange.header("cookie")?.includes("__Host-headgate-session") === true ? [setCookie.noSession()] : [];
}

function redirect({ location, cookies }: Step): GatewayResponse {
  const headers = ["location", location, "cache-control", "no-store", "referrer-policy", "no-referrer"];
  for (const cookie of cookies) headers.push("set-cookie", cookie);
  return { status: 303, headers: new HeaderList(headers), body: null, origin: "gateway" };
}

function json(value: unknown, cookies: readonly string[], more: readonly string[] = []): GatewayResponse {
  const headers = ["content-type", "application/json", "cache-control", "no-store", ...more];
  for (const cookie of cookies) headers.push("set-cookie", cookie);
  return {
    status: 200,
    headers: new HeaderList(headers),
    body: encoder.encode(JSON.stringify(value)),
    origin: "gateway",
  };
}

function refuse(
  exchange: Exchange,
  problem: ProblemId,
  status: number = problemTypes[problem].status,
): GatewayResponse {
  const body = encoder.encode(toProblemJson(problem, exchange.id, undefined, status));
  const headers = new HeaderList(["content-type", problemContentType, "cache-control", "no-store"]);
  return { status, headers, body, origin: "gateway" };
}

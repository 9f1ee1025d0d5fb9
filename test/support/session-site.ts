/**
 * A site with sessions: a real OpenID provider, a real gateway over TLS, an upstream that tells what it was sent, and a
 * browser without pages.
 *
 * ```ts
 * const site = await startSessionSite({ tokenSeconds: 2 });
 * const browser = site.openBrowser();
 * await browser.signIn("bob");
 * await browser.call("GET /api/echo");
 * ```
 */
import { onTestFinished } from "vitest";
import { Agent, request } from "undici";
import { createDatabase } from "../../lab/data/database.ts";
import { type IdentityOptions, startIdentity } from "../../lab/identity/identity.ts";
import { findFreePort } from "../../src/cli/demo/free-port.ts";
import { open, startTestGateway, startUpstream, type TestGateway } from "./gateway.ts";

/** What came back, and what it set. */
export interface SessionAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

export interface SessionBrowser {
  readonly cookies: Map<string, string>;
  /** Calls the gateway as a script of the site does; headers say otherwise. */
  call(call: string, headers?: Readonly<Record<string, string>>, body?: string): Promise<SessionAnswer>;
  /** Walks through the whole sign-in, and gives back the answer of the callback. */
  signIn(user: string, query?: string): Promise<SessionAnswer>;
  /** The same as far as the callback's address, which is not called. */
  goToProvider(user: string, query?: string): Promise<URL>;
}

export interface SessionSite {
  readonly origin: string;
  readonly gateway: TestGateway;
  readonly identity: Awaited<ReturnType<typeof startIdentity>>;
  /** Kinds of grants that the provider gave, in order. */
  readonly grants: readonly string[];
  /** Another gateway with the same policy, as after a restart. */
  restart(): Promise<TestGateway>;
  openBrowser(): SessionBrowser;
}

export const sessionPath = "/.headgate/session";

/** Starts all of it for one test. */
export async function startSessionSite(
  options: { readonly sessions?: object } & Pick<IdentityOptions, "tokenSeconds"> = {},
): Promise<SessionSite> {
  const grants: string[] = [];
  const port = await findFreePort();
  const origin = `https://localhost:${port}`;
  const identity = await startIdentity({ host: "127.0.0.1", port: 0 }, createDatabase(), new Set([origin]), {
    ...(options.tokenSeconds !== undefined && { tokenSeconds: options.tokenSeconds }),
    onGrant: (type) => void grants.push(type),
  });
  // A test may have stopped it already.
  onTestFinished(() => identity.stop().catch(() => undefined));
  const upstream = await startUpstream(({ method, headers }, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ method, headers }));
  });
  const policy = {
    site: origin,
    hosts: [],
    identity: {
      issuers: [{ issuer: identity.issuer, audience: "shop-api", algorithms: ["ES256"] }],
      sessions: {
        issuer: identity.issuer,
        clientId: "storefront",
        resource: "urn:shop-api",
        scope: "openid orders:read",
        ...options.sessions,
      },
    },
    routes: [
      { match: "GET|POST /api/echo", to: "backend", access: { kind: "signed-in" }, body: "any" },
      { match: "GET /api/fresh", to: "backend", access: { kind: "login", maxAgeSeconds: 4 } },
      open("GET /public"),
    ],
  };
  const start = () => startTestGateway(policy, upstream.url, { https: port });
  let gateway = await start();

  return {
    origin,
    get gateway() {
      return gateway;
    },
    identity,
    grants,
    async restart() {
      await gateway.stop();
      gateway = await start();
      return gateway;
    },
    openBrowser: () => openBrowser(origin, identity.issuer),
  };
}

function openBrowser(origin: string, issuer: string): SessionBrowser {
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.close());
  const jars = new Map<string, Map<string, string>>([[origin, new Map()]]);

  async function ask(
    url: URL,
    method: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<SessionAnswer> {
    const jar = jars.get(url.origin) ?? new Map<string, string>();
    jars.set(url.origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await request(url, {
      dispatcher: agent,
      method: method as "GET",
      headers: { ...(cookie !== "" && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    });
    for (const line of [answer.headers["set-cookie"] ?? []].flat()) keepCookie(jar, line);
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  async function goToProvider(user: string, query = ""): Promise<URL> {
    const begun = await ask(new URL(`${origin}${sessionPath}/login${query}`), "GET", {});
    if (begun.status !== 303) throw new Error(`the sign-in did not begin: ${begun.status} ${begun.text}`);
    let url = new URL(String(begun.headers["location"]));
    let form: string | undefined;
    for (let hops = 0; hops < 10; hops += 1) {
      const type = form === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
      const { headers } = await ask(url, form === undefined ? "GET" : "POST", type, form);
      form = undefined;
      if (headers["location"] === undefined) {
        form = new URLSearchParams({ email: `${user}@shop.example`, password: `${user}-lab-password` }).toString();
        url = new URL(`${url.pathname}/login`, issuer);
      } else url = new URL(String(headers["location"]), url);
      if (url.origin === origin) return url;
    }
    throw new Error("the provider did not send the browser back");
  }

  return {
    cookies: jars.get(origin) as Map<string, string>,
    call(call, headers = {}, body) {
      const [method = "GET", path = "/"] = call.split(" ");
      const own = method === "GET" ? {} : { origin, "content-type": "application/json" };
      return ask(new URL(origin + path), method, { ...own, ...headers }, body);
    },
    goToProvider,
    signIn: async (user, query) => ask(await goToProvider(user, query), "GET", {}),
  };
}

function keepCookie(jar: Map<string, string>, line: string): void {
  const [pair = ""] = line.split(";");
  const at = pair.indexOf("=");
  if (/max-age=0/i.test(line) || at === pair.length - 1) jar.delete(pair.slice(0, at));
  else jar.set(pair.slice(0, at), pair.slice(at + 1));
}

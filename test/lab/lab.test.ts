import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Lab, type LabOptions, startLab } from "../../lab/lab.ts";

const freePorts: LabOptions = { port: 0, contentPort: 0, commercePort: 0, graphqlPort: 0, identityPort: 0 };

async function read(url: string, init?: RequestInit): Promise<unknown> {
  const response = await fetch(url, init);
  expect(response.status, url).toBe(200);
  return response.json();
}

function verify(lab: Lab, token: string) {
  const keys = createRemoteJWKSet(new URL("/jwks", lab.urls.identity));
  return jwtVerify(token, keys, {
    issuer: lab.urls.identity,
    audience: "shop-api",
    algorithms: ["ES256"],
    typ: "at+jwt",
  });
}

describe("the lab", () => {
  let lab: Lab;
  let tokens: Awaited<ReturnType<Lab["tokens"]>>;

  beforeAll(async () => {
    lab = await startLab(freePorts);
    tokens = await lab.tokens();
  });
  afterAll(() => lab.stop());

  test("gives alice, bob and the admin access tokens that its published keys verify", async () => {
    const customerScope = "openid profile email orders:read orders:write reviews:write profile:write";
    for (const user of ["alice", "bob", "admin"] as const) {
      const { payload, protectedHeader } = await verify(lab, tokens[user]);
      expect(protectedHeader).toEqual({ alg: "ES256", typ: "at+jwt", kid: "shop-2019-03" });
      expect(payload.sub).toBe(lab.users[user]);
      expect(Number(payload.exp) - Number(payload.iat)).toBe(3600);
      expect(payload["scope"]).toBe(user === "admin" ? `${customerScope} admin` : customerScope);
      expect(payload["roles"]).toEqual(user === "admin" ? ["admin"] : undefined);
    }
  });

  test("renews an access token with a refresh token", async () => {
    const { refreshToken } = await lab.signIn("alice");
    const body = new URLSearchParams({
      grant_type: "refresh_token",
      client_id: "storefront",
      resource: "urn:shop-api",
      refresh_token: refreshToken,
    });
    const answer = await read(`${lab.urls.identity}/token`, { method: "POST", body });
    expect(answer).toMatchObject({ token_type: "Bearer", expires_in: 3600, access_token: expect.any(String) });
  });

  test("publishes its discovery document under the issuer", async () => {
    const document = await read(`${lab.urls.identity}/.well-known/openid-configuration`);
    expect(document).toMatchObject({ issuer: lab.urls.identity, jwks_uri: `${lab.urls.identity}/jwks` });
  });

  test("signs tokens of any content with the provider's key", async () => {
    const expired = await lab.issueToken("bob", { claims: { exp: 1, aud: undefined }, header: { typ: "JWT" } });
    expect(decodeProtectedHeader(expired)).toEqual({ alg: "ES256", typ: "JWT", kid: "shop-2019-03" });
    expect(decodeJwt(expired)).toMatchObject({ sub: lab.users.bob, exp: 1 });
    expect(decodeJwt(expired).aud).toBeUndefined();
    await expect(verify(lab, await lab.issueToken("bob"))).resolves.toBeDefined();
    await expect(verify(lab, expired)).rejects.toThrow();
  });

  test("signs users in at a further origin of the storefront, and at no undeclared one", async () => {
    const ask = (origin: string) => {
      const query = new URLSearchParams({
        client_id: "storefront",
        response_type: "code",
        redirect_uri: `${origin}/callback`,
        scope: "openid",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
      });
      return fetch(`${lab.urls.identity}/auth?${query}`, { redirect: "manual" });
    };
    expect((await ask("https://localhost:8443")).status).toBe(303);
    expect((await ask("https://gateway.test:9999")).status).toBe(400);
    lab.allowSiteOrigin("https://gateway.test:9999");
    expect((await ask("https://gateway.test:9999")).status).toBe(303);
  });

  test("holds 200 products, 50 users, 1,000 orders and a magazine with drafts", async () => {
    const { storefront } = lab.urls;
    const authorization = `Bearer ${tokens.alice}`;
    expect(await read(`${storefront}/api/products?limit=1000`)).toHaveLength(200);
    const users = (await read(`${storefront}/api/admin/users`, { headers: { authorization } })) as { id: string }[];
    expect(users).toHaveLength(50);
    const orders = await Promise.all(
      users.map(({ id }) => read(`${storefront}/api/users/${id}/orders`, { headers: { authorization } })),
    );
    expect(orders.flat()).toHaveLength(1000);
    expect(await read(`${storefront}/api/content/articles`)).toHaveLength(3);
    expect(await read(`${storefront}/api/content/articles?status=draft`)).toHaveLength(2);
  });

  test("answers on each service and passes the public paths on from the storefront", async () => {
    const query = `?query=${encodeURIComponent("{ products(first: 2) { name } }")}`;
    for (const origin of [lab.urls.storefront, lab.urls.graphql]) {
      expect(await read(`${origin}/graphql${query}`)).toMatchObject({ data: { products: [{}, {}] } });
    }
    for (const origin of [lab.urls.storefront, lab.urls.commerce]) {
      expect(await read(`${origin}/api/search?q=lamp`)).toHaveLength(20);
    }
    for (const origin of [lab.urls.storefront, lab.urls.content]) {
      expect(await read(`${origin}/api/content/articles/summer-tables`)).toMatchObject({ status: "published" });
    }
    for (const path of ["/", "/login", "/account", "/articles", "/articles/summer-tables", "/search?q=lamp"]) {
      const response = await fetch(`${lab.urls.storefront}${path}`);
      expect([response.status, response.headers.get("content-type")], path).toEqual([200, "text/html"]);
    }
  });
});

describe("a lab that stops", () => {
  test("frees its ports, with a stream and a WebSocket still open", async () => {
    const lab = await startLab(freePorts);
    const stream = await fetch(`${lab.urls.storefront}/api/stream?count=1000`);
    const socket = new WebSocket(`${lab.urls.storefront.replace("http", "ws")}/api/socket`);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    await lab.stop();
    await expect(stream.text()).rejects.toThrow();
    const ports = Object.values(lab.urls).map((url) => Number(new URL(url).port));
    await expect(Promise.all(ports.map(takePort))).resolves.toEqual(ports);
  });

  test("frees the ports that it has when one of them is taken", async () => {
    const other = await startLab(freePorts);
    const port = Number(new URL(other.urls.storefront).port);
    const contentPort = await takePort(0);
    await expect(startLab({ ...freePorts, contentPort, port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(takePort(contentPort)).resolves.toBe(contentPort);
    await other.stop();
  });
});

describe("lab/WEAKNESSES.md", () => {
  test("shows a weakness for each of the 24 controls", () => {
    const table = readFileSync(new URL("../../lab/WEAKNESSES.md", import.meta.url), "utf8");
    const shown = new Set(table.match(/(?<=^\| )(api|frontend|secrets|monitoring)-[a-z-]+/gm));
    expect([...shown]).toEqual([
      "api-access",
      "api-rate-limit",
      "api-input",
      "api-token-exposure",
      "api-cors",
      "api-graphql",
      "api-error-leak",
      "api-tls",
      "frontend-xss",
      "frontend-csp",
      "frontend-dependencies",
      "frontend-headers",
      "frontend-ugc",
      "frontend-bundle-secrets",
      "secrets-hardcoded",
      "secrets-env-files",
      "secrets-manager",
      "secrets-rotation",
      "secrets-least-privilege",
      "monitoring-logging",
      "monitoring-alerting",
      "monitoring-incident-plan",
      "monitoring-audits",
      "monitoring-cve-watch",
    ]);
  });
});

/** Listens for a moment and gives back the port: a port that is taken is an error. */
function takePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * The product's claim for the API items: each weakness is open on the bare lab and closed behind the gateway, and what
 * the shop is for still works.
 */
import { request as plainRequest } from "undici";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallAnswer, type CallOptions, type LabGateway, startLabGateway } from "../support/lab-gateway.ts";
import { sendRaw } from "../support/gateway.ts";

const bobsOrder = "fff591d8-ebfd-5910-9494-6ea9217772c0";
const product = "d59d2a7e-fccb-5590-abf4-479b00126f73";
const draft = "new-shop-in-bergen";

interface Weakness {
  readonly control: string;
  readonly name: string;
  readonly call: (ids: Ids) => string;
  readonly options?: (ids: Ids) => CallOptions;
  /** What the bare lab's answer shows. */
  readonly shows: string | RegExp;
  /** The status behind the gateway. */
  readonly closed: number;
}

interface Ids {
  readonly alice: string;
  readonly bob: string;
  readonly forged: string;
  readonly aliceToken: string;
}

const query = (text: string) => encodeURIComponent(text);
const json = { "content-type": "application/json" };

const weaknesses: readonly Weakness[] = [
  {
    control: "api-access",
    name: "anyone's orders with any token",
    call: ({ bob }) => `GET /api/users/${bob}/orders`,
    options: () => ({ as: "alice" }),
    shows: "paymentToken",
    closed: 403,
  },
  {
    control: "api-access",
    name: "anyone's order without a token",
    call: () => `GET /api/orders/${bobsOrder}`,
    shows: '"customerId":"b0b00000',
    closed: 401,
  },
  {
    control: "api-access",
    name: "anyone's order by its id, signed in",
    call: () => `GET /api/orders/${bobsOrder}`,
    options: () => ({ as: "alice" }),
    shows: '"customerId":"b0b00000',
    closed: 404,
  },
  {
    control: "api-access",
    name: "anyone's profile, password hash included",
    call: ({ bob }) => `GET /api/users/${bob}`,
    options: () => ({ as: "alice" }),
    shows: "passwordHash",
    closed: 403,
  },
  {
    control: "api-access",
    name: "mass assignment on one's own profile",
    call: ({ alice }) => `PATCH /api/users/${alice}`,
    options: () => ({ as: "alice", body: { isAdmin: 1, creditLimit: 99_999 } }),
    shows: '"isAdmin":true',
    closed: 422,
  },
  {
    control: "api-access",
    name: "an administrator's function with a customer's token",
    call: () => "GET /api/admin/users",
    options: () => ({ as: "bob" }),
    shows: "admin@shop.example",
    closed: 403,
  },
  {
    control: "api-access",
    name: "a token that is unsigned, expired and of nobody's making",
    call: ({ bob }) => `GET /api/users/${bob}/orders`,
    options: ({ forged }) => ({ token: forged }),
    shows: "paymentToken",
    closed: 401,
  },
  {
    control: "api-access",
    name: "a token in the address",
    call: ({ alice, aliceToken }) => `GET /api/users/${alice}/orders?access_token=${aliceToken}`,
    shows: "paymentToken",
    closed: 401,
  },
  {
    control: "api-access",
    name: "the shop's own login with tokens that never end",
    call: () => "POST /api/login",
    options: () => ({ body: { email: "bob@shop.example", password: "bob-lab-password" } }),
    shows: '"token":"eyJhbGciOiJIUzI1NiJ9',
    closed: 404,
  },
  {
    control: "api-access",
    name: "an identity header that is believed from everyone",
    call: ({ bob }) => `GET /api/users/${bob}/orders`,
    options: ({ bob }) => ({ headers: { "x-user-id": bob } }),
    shows: "paymentToken",
    closed: 401,
  },
  {
    control: "api-access",
    name: "a header that replaces the path",
    call: () => "GET /api/products/not-a-product",
    options: () => ({ headers: { "x-original-url": "/api/admin/users", "x-user-id": "nobody" } }),
    shows: "admin@shop.example",
    closed: 400,
  },
  {
    control: "api-access",
    name: "a header that replaces the method",
    call: ({ alice }) => `POST /api/users/${alice}`,
    options: () => ({
      headers: { "x-http-method-override": "PATCH", "x-user-id": "nobody", ...json },
      body: '{"creditLimit":7}',
    }),
    shows: '"creditLimit":7',
    closed: 405,
  },
  {
    control: "api-access",
    name: "an internal route for whoever says so in X-Forwarded-For",
    call: () => "GET /api/internal/status",
    options: () => ({ headers: { "x-forwarded-for": "10.1.2.3" } }),
    shows: "heapTotal",
    closed: 404,
  },
  {
    control: "api-access",
    name: "drafts by a query parameter",
    call: () => "GET /api/content/articles?status=draft",
    shows: "EMBARGO",
    closed: 400,
  },
  {
    control: "api-access",
    name: "one draft by a query parameter",
    call: () => `GET /api/content/articles/${draft}?preview=true`,
    shows: "landlord",
    closed: 400,
  },
  {
    control: "api-access",
    name: "the whole CMS in one answer",
    call: () => "GET /api/content/export",
    shows: "@shop.example",
    closed: 404,
  },
  {
    control: "api-access",
    name: "diagnostic routes left on in production",
    call: () => "DELETE /api/echo/anything",
    shows: '"method":"DELETE"',
    closed: 404,
  },
  {
    control: "api-access",
    name: "a webhook without a signature",
    call: () => "POST /api/content/webhooks/publish",
    options: () => ({ body: { slug: draft } }),
    shows: `"published":"${draft}"`,
    closed: 404,
  },
  {
    control: "api-rate-limit",
    name: "pages of any size",
    call: () => "GET /api/products?limit=1000000",
    shows: /^.{50000,}$/s,
    closed: 400,
  },
  {
    control: "api-rate-limit",
    name: "requests that hold a connection as long as they like",
    call: () => "GET /api/slow?ms=300",
    shows: '"waitedMs":300',
    closed: 404,
  },
  {
    control: "api-input",
    name: "SQL in the search",
    call: () =>
      `GET /api/search?q=${query("zzz' union select id, email, passwordHash, role, resetPasswordToken from users --")}`,
    shows: "reset-",
    closed: 400,
  },
  {
    control: "api-input",
    name: "SQL in the order of a list",
    call: () =>
      `GET /api/products?limit=1&sort=${query("iif((select isAdmin from users where name = 'Ada Min'), -rowid, rowid)")}`,
    shows: '"id"',
    closed: 400,
  },
  {
    control: "api-input",
    name: "SQL in the names of JSON fields",
    call: ({ alice }) => `PATCH /api/users/${alice}`,
    options: () => ({ as: "alice", body: { "name = (select passwordHash from users limit 1), phone": "1" } }),
    shows: '"name":"e2a0850f',
    closed: 422,
  },
  {
    control: "api-input",
    name: "the customer names the price and whose order it is",
    call: () => "POST /api/orders",
    options: ({ bob }) => ({
      as: "alice",
      body: { customerId: bob, total: -5, items: [{ productId: product, quantity: -1, price: 0.01 }] },
    }),
    shows: '"total":-5',
    closed: 422,
  },
  {
    control: "api-input",
    name: "anything is a rating, anyone the author",
    call: () => `POST /api/products/${product}/reviews`,
    options: () => ({ as: "alice", body: { rating: 1e9, author: "The shop", text: "ok" } }),
    shows: '"rating":1000000000',
    closed: 422,
  },
  {
    control: "api-input",
    name: "the picture proxy fetches what it is told",
    call: () => `GET /api/image?url=${query("http://127.0.0.1:1/")}`,
    shows: /./s,
    closed: 404,
  },
  {
    control: "api-token-exposure",
    name: "the CMS management token in the client bundle",
    call: () => "GET /assets/live-editor.js",
    shows: "CFPAT-",
    closed: 400,
  },
  {
    control: "api-error-leak",
    name: "stack, absolute paths and the database's host",
    call: () => "GET /api/crash",
    shows: "shop_root@db-7.shop.internal",
    closed: 404,
  },
  {
    control: "api-error-leak",
    name: "the failed SQL statement",
    call: () => "GET /api/search?q=%27",
    shows: '"statement":"select',
    closed: 400,
  },
  {
    control: "api-error-leak",
    name: "a token that cannot be read shows the library that reads it",
    call: ({ bob }) => `GET /api/users/${bob}`,
    options: () => ({ token: "rubbish" }),
    shows: "jose",
    closed: 401,
  },
  {
    control: "api-graphql",
    name: "introspection",
    call: () => "POST /graphql",
    options: () => ({ body: { query: "{__schema{types{name}}}" } }),
    shows: "ProfileChanges",
    closed: 404,
  },
  {
    control: "frontend-bundle-secrets",
    name: "source maps",
    call: () => "GET /assets/pricing.js.map",
    shows: "below cost",
    closed: 400,
  },
  {
    control: "secrets-env-files",
    name: "the storefront's .env file",
    call: () => "GET /.env",
    shows: "=",
    closed: 404,
  },
];

describe("the lab's API weaknesses", () => {
  let stack: LabGateway;
  let ids: Ids;

  beforeAll(async () => {
    stack = await startLabGateway();
    const { users } = stack.lab;
    const forged = [{ alg: "none" }, { sub: users.bob, exp: 1 }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString("base64url"),
    );
    ids = { alice: users.alice, bob: users.bob, forged: `${forged.join(".")}.`, aliceToken: stack.tokens.alice };
  });
  afterAll(() => stack.stop());

  test.each(weaknesses)(
    "$control: $name is open on the bare lab and closed behind the gateway",
    async ({ call, options, shows, closed }) => {
      const guarded = await stack.guarded(call(ids), options?.(ids));
      expect(guarded.status).toBe(closed);
      expect(guarded.headers["content-type"]).toBe("application/problem+json");
      expectMatch(guarded.text, shows, false);
      expectNothingInside(guarded);

      const bare = await stack.bare(call(ids), options?.(ids));
      expectMatch(bare.text, shows, true);
    },
  );

  test("what the shop is for still works behind the gateway", async () => {
    const products = await stack.guarded("GET /api/products?limit=3&sort=price");
    expect([products.status, (JSON.parse(products.text) as unknown[]).length]).toEqual([200, 3]);
    expect((await stack.guarded(`GET /api/products/${product}`)).status).toBe(200);
    expect((await stack.guarded("GET /api/search?q=oak%20lamp")).status).toBe(200);
    expect((await stack.guarded(`GET /api/products/${product}/reviews`)).status).toBe(200);
    expect((await stack.guarded("GET /api/content/articles/summer-tables")).status).toBe(200);

    const orders = await stack.guarded(`GET /api/users/${ids.alice}/orders`, { as: "alice" });
    const [first] = JSON.parse(orders.text) as { id: string; customerId: string }[];
    expect([orders.status, first?.customerId]).toEqual([200, ids.alice]);
    expect((await stack.guarded(`GET /api/orders/${first?.id}`, { as: "alice" })).status).toBe(200);
    expect((await stack.guarded(`GET /api/orders/${first?.id}`, { as: "admin" })).status).toBe(200);

    const placed = await stack.guarded("POST /api/orders", {
      as: "alice",
      body: { items: [{ productId: product, quantity: 2 }] },
    });
    expect([placed.status, (JSON.parse(placed.text) as { customerId: string }).customerId]).toEqual([201, ids.alice]);
    const review = await stack.guarded(`POST /api/products/${product}/reviews`, {
      as: "bob",
      body: { rating: 4, text: "Fine." },
    });
    expect(review.status).toBe(201);
    const profile = await stack.guarded(`PATCH /api/users/${ids.alice}`, { as: "alice", body: { phone: "+47 1234" } });
    expect([profile.status, (JSON.parse(profile.text) as { phone: string }).phone]).toEqual([200, "+47 1234"]);
    expect((await stack.guarded("GET /api/admin/users", { as: "admin" })).status).toBe(200);
    for (const page of [
      "/",
      `/products/${product}`,
      "/articles/summer-tables",
      "/search?q=oak",
      "/login",
      "/account",
      "/assets/product.js",
    ]) {
      expect([page, (await stack.guarded(`GET ${page}`)).status]).toEqual([page, 200]);
    }
  });

  test("api-access: internal fields never leave, whatever the backend adds", async () => {
    const answers = [
      await stack.guarded("GET /api/products?limit=5"),
      await stack.guarded(`GET /api/users/${ids.alice}`, { as: "alice" }),
      await stack.guarded(`GET /api/users/${ids.alice}/orders`, { as: "alice" }),
      await stack.guarded("GET /api/admin/users", { as: "admin" }),
      await stack.guarded("GET /api/content/articles"),
    ];
    const leaked =
      /costPrice|supplier|passwordHash|resetPasswordToken|creditLimit|isAdmin|paymentToken|internalNote|authorEmail/;
    for (const { status, text } of answers) {
      expect(status).toBe(200);
      expect(text).not.toMatch(leaked);
    }
    expect((await stack.bare("GET /api/products?limit=5")).text).toMatch(leaked);
  });

  test("api-access: every spelling of a guarded path is refused before it reaches anything", async () => {
    const port = stack.gateway.httpsPort ?? 0;
    for (const path of [
      "/API//%61dmin/./users;x",
      "/api/products/..%2fadmin%2fusers",
      "/api/./admin/users",
      "/api//admin/users",
      "/api/admin/users/",
      "/api/admin;x/users",
      "/api/%61dmin/users",
      "/API/admin/users",
    ]) {
      const answer = await sendRaw(
        port,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${stack.tokens.bob}\r\n\r\n`,
        { tls: true },
      );
      expect([path, answer.status >= 400 && answer.status < 405]).toEqual([path, true]);
    }
  });

  test("api-cors: foreign origins get nothing, the partner exactly itself, on denials too", async () => {
    const evil = { headers: { origin: "https://evil.example" } };
    expect((await stack.bare("GET /api/products?limit=1", evil)).headers["access-control-allow-origin"]).toBe(
      "https://evil.example",
    );
    for (const origin of [
      "https://evil.example",
      "null",
      "https://partner.example.evil.example",
      "http://partner.example",
      "https://PARTNER.example.",
      "https://partner.example:444",
    ]) {
      const answer = await stack.guarded("GET /api/products?limit=1", { headers: { origin } });
      expect([origin, answer.headers["access-control-allow-origin"]]).toEqual([origin, undefined]);
    }
    const partner = { headers: { origin: "https://partner.example" } };
    for (const call of [
      "GET /api/products?limit=1",
      `GET /api/users/${ids.bob}/orders`,
      "GET /nowhere",
      "GET /api/products?limit=x",
    ]) {
      const answer = await stack.guarded(call, partner);
      expect([call, answer.headers["access-control-allow-origin"]]).toEqual([call, "https://partner.example"]);
      expect(String(answer.headers["vary"]).toLowerCase()).toContain("origin");
      expect(answer.headers["access-control-allow-credentials"]).toBeUndefined();
    }
    const preflight = { "access-control-request-method": "GET", "access-control-request-headers": "authorization" };
    const allowed = await stack.guarded("OPTIONS /api/products", {
      headers: { origin: "https://partner.example", ...preflight },
    });
    expect([allowed.status, allowed.headers["access-control-allow-origin"]]).toEqual([204, "https://partner.example"]);
    const foreign = await stack.guarded("OPTIONS /api/admin/users", {
      headers: { origin: "https://evil.example", ...preflight },
    });
    expect([foreign.status, foreign.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  });

  test("api-cors: a simple request of another site places no order with the visitor's cookie", async () => {
    const forgery = {
      headers: {
        origin: "https://evil.example",
        "content-type": "text/plain",
        cookie: `session=${stack.tokens.alice}`,
      },
      body: '{"items":[]}',
    };
    expect((await stack.bare("POST /api/orders", forgery)).text).toContain(ids.alice);
    expect((await stack.guarded("POST /api/orders", forgery)).status).toBe(403);
  });

  test("api-rate-limit: calls are counted, and the answer says when to come back", async () => {
    const call = () => stack.guarded(`PATCH /api/users/${ids.bob}`, { as: "bob", body: { name: "Bob" } });
    const statuses = [];
    let last: CallAnswer | undefined;
    for (let count = 0; count < 12; count += 1) {
      last = await call();
      statuses.push(last.status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 200), 429, 429]);
    expect(Number(last?.headers["retry-after"])).toBeGreaterThan(0);
    expect(last?.headers["ratelimit-policy"]).toContain("q=10");
  });

  test("api-tls: calls over plain HTTP are refused, documents are sent to HTTPS", async () => {
    const plain = `http://127.0.0.1:${stack.gateway.httpPort}`;
    const headers = { authorization: `Bearer ${stack.tokens.alice}` };
    const call = await plainRequest(`${plain}/api/users/${ids.alice}/orders`, { headers });
    expect([call.statusCode, call.headers["location"]]).toEqual([403, undefined]);
    expect(await call.body.text()).toContain("https-required");
    const page = await plainRequest(`${plain}/search?q=oak`);
    expect([page.statusCode, page.headers["location"]]).toEqual([308, `${process.env["LAB_SITE"]}/search?q=oak`]);
    await page.body.dump();
  });

  test("security headers stand on every answer, banners on none", async () => {
    for (const call of ["GET /api/products?limit=1", "GET /nowhere", `GET /api/users/${ids.bob}`, "GET /"]) {
      const { headers } = await stack.guarded(call);
      expect([call, headers["x-content-type-options"], headers["x-frame-options"]]).toEqual([call, "nosniff", "DENY"]);
      expect(headers["strict-transport-security"]).toContain("max-age=63072000");
      expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
      expect([call, headers["server"], headers["x-powered-by"]]).toEqual([call, undefined, undefined]);
    }
  });
});

function expectMatch(text: string, shows: string | RegExp, matches: boolean): void {
  const expected = typeof shows === "string" ? expect.stringContaining(shows) : expect.stringMatching(shows);
  if (matches) expect(text).toEqual(expected);
  else if (typeof shows === "string") expect(text).not.toEqual(expected);
}

/** A refusal says nothing of the inside: no path, no frame of a stack, no host, no statement. */
function expectNothingInside({ text }: CallAnswer): void {
  expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules|127\.0\.0\.1|select |sqlite|\/lab\//i);
}

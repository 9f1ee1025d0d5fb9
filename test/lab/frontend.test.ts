/**
 * The product's claim for the frontend items, as far as answers show it: each weakness is open on the bare lab and closed
 * behind the gateway. What a script can do in a visitor's browser is shown in `test/browser/storefront.test.ts`.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CallAnswer, type CallOptions, type LabGateway, startLabGateway } from "../support/lab-gateway.ts";
import { readWeaknesses } from "../support/weaknesses.ts";

const product = "d59d2a7e-fccb-5590-abf4-479b00126f73";

let stack: LabGateway;
let ids: { readonly alice: string };
let svg: string;

beforeAll(async () => {
  stack = await startLabGateway();
  ids = { alice: stack.lab.users.alice };
  const { text } = await stack.bare("GET /api/content/export");
  const found: string[] = [];
  for (const [, id = ""] of text.matchAll(/"id":"([^"]*)"/g)) {
    const media = await stack.bare(`GET /api/content/media/${id}`);
    if (media.text.includes("<script>")) found.push(id);
  }
  svg = found[0] ?? "";
});
afterAll(() => stack.stop());

interface Weakness {
  readonly control: string;
  readonly title: string;
  readonly call: () => string;
  readonly options?: CallOptions;
  /** What the bare lab's answer has. */
  readonly open: (answer: CallAnswer) => void;
  /** What the same call gets behind the gateway. */
  readonly closed: (answer: CallAnswer) => void;
}

const shows = (text: string) => (answer: CallAnswer) => expect(answer.text).toContain(text);
const refuses =
  (status: number, text: string) =>
  (answer: CallAnswer): void => {
    expect(answer.status).toBe(status);
    expect(answer.text).not.toContain(text);
  };
const policyOf = ({ headers }: CallAnswer) => String(headers["content-security-policy"]);
/** Under this policy no script runs that an attacker put into the page, wherever it stands. */
const runsOwnScriptsOnly = (answer: CallAnswer): void => {
  expect(policyOf(answer)).toMatch(
    /default-src 'none'; script-src 'nonce-[A-Za-z0-9+/]{22}==' 'strict-dynamic' 'sha256-/,
  );
  expect(policyOf(answer)).not.toContain("unsafe");
  expect(answer.text).not.toMatch(/<script[^>]*nonce[^>]*>[^<]/);
};

const weaknesses: readonly Weakness[] = [
  {
    control: "frontend-xss",
    title: "The words of a search become part of the page",
    call: () => `GET /search?q=${encodeURIComponent("<script>alert(1)</script>")}`,
    open: shows("Results for <script>alert(1)</script>"),
    closed: refuses(400, "<script>"),
  },
  {
    control: "frontend-xss",
    title: "So does the path of a missing page",
    call: () => "GET /%3Cimg%20src=x%20onerror=alert(1)%3E",
    open: shows("<img src=x onerror=alert(1)>"),
    closed: refuses(404, "onerror"),
  },
  {
    control: "frontend-xss",
    title: "So does what stands behind the `#` (open `/login#<img src=x onerror=alert(1)>`)",
    call: () => "GET /login",
    open: ({ headers }) => expect(headers["content-security-policy"]).toBeUndefined(),
    closed: runsOwnScriptsOnly,
  },
  {
    control: "frontend-csp",
    title: "No policy, and an inline script in each page",
    call: () => "GET /",
    open: ({ headers, text }) => {
      expect(headers["content-security-policy"]).toBeUndefined();
      expect(text).toContain("dataset.openedAt");
    },
    closed: runsOwnScriptsOnly,
  },
  {
    // The gateway keeps the list of holes from being read; that there are any is for the audit to find.
    control: "frontend-dependencies",
    title: "Pinned versions with known holes, and a pipeline that ignores the audit",
    call: () => "GET /package.json",
    open: shows('"lodash": "4.17.11"'),
    closed: refuses(404, "lodash"),
  },
  {
    control: "frontend-headers",
    title: "None of the security headers, but two that tell what runs here",
    call: () => "GET /",
    open: ({ headers }) => {
      expect(headers["x-powered-by"]).toBe("Express 4.16.0");
      expect(headers["x-content-type-options"]).toBeUndefined();
    },
    closed: ({ headers }) => {
      expect([headers["x-powered-by"], headers["server"]]).toEqual([undefined, undefined]);
      expect(headers["x-content-type-options"]).toBe("nosniff");
      expect(headers["cross-origin-opener-policy"]).toBe("same-origin");
      expect(headers["referrer-policy"]).toBe("strict-origin-when-cross-origin");
      expect(headers["permissions-policy"]).toContain("camera=()");
    },
  },
  {
    control: "frontend-headers",
    title: "A session cookie for scripts, other sites and plain HTTP",
    call: () => "POST /api/login",
    options: { body: { email: "bob@shop.example", password: "bob-lab-password" } },
    open: ({ headers }) => {
      expect(String(headers["set-cookie"])).toContain("Path=/");
      expect(String(headers["set-cookie"])).not.toMatch(/HttpOnly|Secure|SameSite/i);
    },
    closed: ({ status, headers }) => expect([status, headers["set-cookie"]]).toEqual([404, undefined]),
  },
  {
    control: "frontend-headers",
    title: "Private answers that caches may keep",
    call: () => `GET /api/users/${ids.alice}`,
    options: { as: "alice" },
    open: ({ headers }) => expect(headers["cache-control"]).toBeUndefined(),
    closed: ({ status, headers }) => expect([status, headers["cache-control"]]).toEqual([200, "no-store"]),
  },
  {
    control: "frontend-ugc",
    title: "Reviews are stored and shown as HTML",
    call: () => `GET /api/products/${product}/reviews`,
    open: shows("onerror="),
    closed: (answer) => {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("onerror");
    },
  },
  {
    // The page is rendered from the CMS itself: what it holds stays, and does not run. Apps get it clean (content.test.ts).
    control: "frontend-ugc",
    title: "Articles carry scripts into the page",
    call: () => "GET /articles/summer-tables",
    open: (answer) => {
      shows("javascript:window.labStoredScriptRan")(answer);
      expect(answer.headers["content-security-policy"]).toBeUndefined();
    },
    closed: runsOwnScriptsOnly,
  },
  {
    control: "frontend-ugc",
    title: "An uploaded page is a page of the shop",
    call: () => "POST /api/uploads",
    options: {
      headers: { "content-type": "multipart/form-data; boundary=x" },
      body: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.html"\r\ncontent-type: text/html\r\n\r\n<p>\r\n--x--\r\n',
    },
    open: shows('"type":"text/html"'),
    closed: refuses(404, "text/html"),
  },
  {
    control: "frontend-ugc",
    title: "An SVG of the media library with a script in it",
    call: () => `GET /api/content/media/${svg}`,
    open: ({ headers, text }) => {
      expect(text).toContain("<script>");
      expect(headers["content-security-policy"]).toBeUndefined();
    },
    closed: (answer) => expect(policyOf(answer)).toBe("default-src 'none'; frame-ancestors 'none'"),
  },
  {
    control: "frontend-bundle-secrets",
    title: "Source maps give the sources and their comments back",
    call: () => "GET /assets/pricing.js.map",
    open: shows("below cost"),
    closed: refuses(400, "below cost"),
  },
  {
    // The codes can still be read; they are worth nothing, since no price of a customer's is taken.
    control: "frontend-bundle-secrets",
    title: "Discounts are worked out in the browser",
    call: () => "POST /api/orders",
    options: { as: "alice", body: { items: [{ productId: product, quantity: 1, price: 0.01 }] } },
    open: ({ status, text }) => {
      expect(status).toBe(201);
      expect((JSON.parse(text) as { total: number }).total).toBe(0.01);
    },
    closed: refuses(422, "total"),
  },
  {
    control: "frontend-bundle-secrets",
    title: "The name of an internal host",
    call: () => "GET /assets/shop-api.js",
    open: shows("commerce-2.shop.internal"),
    closed: (answer) => {
      expect(answer.status).toBe(200);
      expect(answer.text).not.toContain("shop.internal");
    },
  },
  {
    control: "frontend-bundle-secrets",
    title: "Only the page asks whether one is an administrator",
    call: () => "GET /api/admin/users",
    options: { as: "bob" },
    open: shows("@shop.example"),
    closed: refuses(403, "@shop.example"),
  },
  {
    control: "frontend-bundle-secrets",
    title: "What a product costs the shop is in the page's data",
    call: () => `GET /products/${product}`,
    open: shows('"costPrice"'),
    closed: (answer) => {
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(`"product":{"id":"${product}"`);
      expect(answer.text).not.toContain("costPrice");
      expect(answer.text).not.toContain("supplier");
    },
  },
  {
    // They are still there; what could fetch them no longer runs.
    control: "frontend-bundle-secrets",
    title: "Tokens in localStorage, where every script finds them",
    call: () => "GET /account",
    open: ({ headers }) => expect(headers["content-security-policy"]).toBeUndefined(),
    closed: (answer) => {
      runsOwnScriptsOnly(answer);
      expect(policyOf(answer)).toContain(`connect-src 'self' ${stack.lab.urls.identity};`);
    },
  },
];

const shown = new Set<string>();

describe("frontend weaknesses", () => {
  test.each(weaknesses)("$control: $title", async ({ control, title, call, options, open, closed }) => {
    open(await stack.bare(call(), options));
    closed(await stack.guarded(call(), options));
    shown.add(`${control}: ${title}`);
  });

  test("every one that the lab documents has its pair here", () => {
    const claimed = readWeaknesses("frontend").map(({ control, title }) => `${control}: ${title}`);
    expect(claimed.length).toBeGreaterThan(15);
    expect(claimed.filter((one) => !shown.has(one))).toEqual([]);
  });
});

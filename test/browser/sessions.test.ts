/** Signing in through the gateway, in a real browser at a real OpenID provider: no token ever reaches the page. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { type LabGateway, startLabGateway } from "../support/lab-gateway.ts";

let stack: LabGateway;
let browser: TestBrowser;
const site = () => process.env["LAB_SITE"] ?? "";
const session = "/.headgate/session";

beforeAll(async () => {
  stack = await startLabGateway();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

/** Signs bob in as a person does. */
async function signIn(page: Page, query = "?returnTo=/articles"): Promise<void> {
  await page.goto(`${site()}${session}/login${query}`);
  await page.fill("#email", "bob@shop.example");
  await page.fill("#password", "bob-lab-password");
  await page.click("button[type=submit]");
  await page.waitForURL(`${site()}/articles`);
}

/** Calls from a script of the page, as the storefront's would. */
const call = (page: Page, path: string, method = "GET", body?: unknown) =>
  page.evaluate(
    async ([path, method, body]) => {
      const response = await fetch(path as string, {
        method: method as string,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
      });
      return { status: response.status, text: await response.text() };
    },
    [path, method, body] as const,
  );

describe("a browser that signed in through the gateway", () => {
  test("calls APIs as its user, stays signed in over a reload, and signs out", async () => {
    const page = await browser.newPage();
    await page.goto(`${site()}/articles`);
    expect((await call(page, `/api/users/${stack.lab.users.bob}/orders`)).status).toBe(401);

    await signIn(page);
    const orders = await call(page, `/api/users/${stack.lab.users.bob}/orders`);
    expect([orders.status, orders.text.includes('"customerId":"b0b00000')]).toEqual([200, true]);
    expect((await call(page, `/api/users/${stack.lab.users.alice}/orders`)).status).toBe(403);

    await page.reload();
    expect(JSON.parse((await call(page, session)).text)).toMatchObject({
      signedIn: true,
      subject: stack.lab.users.bob,
    });
    const saved = await call(page, `/api/users/${stack.lab.users.bob}`, "PATCH", { phone: "+47 555 02" });
    expect(saved.status).toBe(200);

    const out = await call(page, `${session}/logout`, "POST");
    expect(JSON.parse(out.text)).toMatchObject({
      signedIn: false,
      endSession: expect.stringContaining("/session/end") as string,
    });
    expect((await call(page, `/api/users/${stack.lab.users.bob}/orders`)).status).toBe(401);
    await page.context().close();
  });

  test("has nothing that a script could take away", async () => {
    const page = await browser.newPage();
    await signIn(page);
    const visible = await page.evaluate(() => [
      document.cookie,
      JSON.stringify({ ...localStorage }),
      JSON.stringify({ ...sessionStorage }),
      location.href,
    ]);
    expect(visible).toEqual(["", "{}", "{}", `${site()}/articles`]);
    const cookies = (await page.context().cookies(site())).filter(({ name }) => name.startsWith("__Host-headgate"));
    expect(cookies).toMatchObject([
      { name: "__Host-headgate-session", httpOnly: true, secure: true, sameSite: "Lax", path: "/" },
    ]);
    expect(cookies[0]?.value).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await page.context().close();
  });

  test("is seen on another device, and can be signed out from there", async () => {
    const [here, there] = [await browser.newPage(), await browser.newPage()];
    await signIn(here);
    await signIn(there);
    const devices = JSON.parse((await call(here, `${session}/devices`)).text) as {
      handle: string;
      current: boolean;
      device: string;
    }[];
    expect(devices.length).toBeGreaterThanOrEqual(2);
    expect(devices.filter(({ current }) => current)).toHaveLength(1);
    expect(devices[0]?.device).toMatch(/^Chrome on /);
    expect(JSON.parse((await call(here, `${session}/devices`, "DELETE")).text)).toEqual({ ended: devices.length });
    for (const page of [here, there]) {
      expect(JSON.parse((await call(page, session)).text)).toEqual({ signedIn: false });
      await page.context().close();
    }
  });
});

/**
 * What `headgate/browser` and the components do in a real Chromium, on a page that enforces Trusted Types: clean HTML is
 * shown, nothing of it runs, and what is not cleaned is refused by the browser itself.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundle } from "../support/bundle.ts";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";

const hostile =
  '<h2>Hi</h2><p onclick="window.hit = 1">you</p><img src="/x" onerror="window.hit = 2">' +
  '<svg onload="window.hit = 3"></svg><script>window.hit = 4</script><a href="javascript:window.hit = 5">go</a>';
const data = { name: "</script><script>window.hit = 6</script><!--", "@type": "Product" };

const scripts: Readonly<Record<string, string>> = {
  plain: `
    import { cleanSinks, jsonLd, jsonLdElement, safeHtml } from "headgate/browser";
    Object.assign(window, { cleanSinks, jsonLd, jsonLdElement, safeHtml });
    window.ready = true;
  `,
  react: `
    import { createElement, Fragment } from "react";
    import { createRoot } from "react-dom/client";
    import { flushSync } from "react-dom";
    import { JsonLd, SafeHtml } from "headgate/react";
    const { html, data } = window.input;
    const root = createRoot(document.getElementById("app"));
    flushSync(() => root.render(createElement(Fragment, null,
      createElement(SafeHtml, { html, profile: "rich", as: "article", className: "body" }),
      createElement(JsonLd, { data }))));
    window.ready = true;
  `,
  vue: `
    import { createApp, h } from "vue";
    import { JsonLd, SafeHtml } from "headgate/vue";
    const { html, data } = window.input;
    createApp({ render: () => [
      h(SafeHtml, { html, profile: "rich", as: "article", class: "body" }),
      h(JsonLd, { data }),
    ] }).mount("#app");
    window.ready = true;
  `,
  svelte: `
    import { flushSync, mount } from "svelte";
    import { JsonLd, SafeHtml } from "headgate/svelte";
    const { html, data } = window.input;
    const target = document.getElementById("app");
    mount(SafeHtml, { target, props: { html, profile: "rich", as: "article", class: "body" } });
    mount(JsonLd, { target, props: { data } });
    flushSync();
    window.ready = true;
  `,
};
/** What each framework needs of Trusted Types beside our policy, for templates of its own. */
const policies: Readonly<Record<string, string>> = {
  plain: "headgate default",
  react: "headgate",
  vue: "headgate vue",
  svelte: "headgate svelte-trusted-html",
};

let browser: TestBrowser;
let server: Server;
let origin: string;

beforeAll(async () => {
  const bundles = new Map(
    await Promise.all(
      Object.entries(scripts).map(async ([name, source]) => [name, await bundle(source, "page")] as const),
    ),
  );
  const input = JSON.stringify({ html: hostile, data }).replaceAll("<", "\\u003c");
  server = createServer(({ url = "" }, response) => {
    const [, name = "", file] = url.split("/");
    if (file === "main.js") response.writeHead(200, { "content-type": "text/javascript" }).end(bundles.get(name));
    else if (file === "input.js") {
      response.writeHead(200, { "content-type": "text/javascript" }).end(`window.input = ${input};`);
    } else if (bundles.has(name)) {
      response.writeHead(200, {
        "content-type": "text/html; charset=utf-8",
        // No script policy: only Trusted Types and the sanitiser stand between the text and the page.
        "content-security-policy": `require-trusted-types-for 'script'; trusted-types ${policies[name]}`,
      });
      response.end(
        `<!doctype html><title>x</title><div id="app"></div><script src="/${name}/input.js"></script><script type="module" src="/${name}/main.js"></script>`,
      );
    } else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  server.closeAllConnections();
  server.close();
});

async function open(name: string): Promise<{ readonly page: Page; readonly errors: readonly string[] }> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(`${origin}/${name}/`);
  await page.waitForFunction("window.ready === true", undefined, { timeout: 10_000 }).catch(() => undefined);
  return { page, errors };
}

test("the page enforces: text in a sink is refused", async () => {
  const { page, errors } = await open("plain");
  expect(errors).toEqual([]);
  const said = await page.evaluate(
    `try { document.body.innerHTML = "<b>x</b>"; "taken" } catch (error) { error.name }`,
  );
  expect(said).toBe("TypeError");
});

test("safeHtml gives what the sink takes, and nothing of it runs", async () => {
  const { page } = await open("plain");
  const kept = await page.evaluate(`
    const app = document.getElementById("app");
    app.innerHTML = safeHtml(window.input.html, "rich");
    for (const element of app.querySelectorAll("*")) element.click();
    app.innerHTML
  `);
  expect(kept).toBe('<h2>Hi</h2><p>you</p><img src="/x"><a>go</a>');
  await page.waitForTimeout(100);
  expect(await page.evaluate("window.hit ?? null")).toBe(null);
  expect(await page.evaluate(`safeHtml("a", "rich") instanceof TrustedHTML`)).toBe(true);
});

test("cleanSinks cleans what old code puts into sinks", async () => {
  const { page } = await open("plain");
  expect(
    await page.evaluate(`cleanSinks("rich"); document.body.innerHTML = window.input.html; document.body.innerHTML`),
  ).toBe('<h2>Hi</h2><p>you</p><img src="/x"><a>go</a>');
  expect(await page.evaluate("window.hit ?? null")).toBe(null);
  const script = `try { document.createElement("script").text = "window.hit = 9"; "taken" } catch (error) { error.name }`;
  expect(await page.evaluate(script)).toBe("TypeError");
});

test("jsonLd reads as the data that it was, in an element that ends where it should", async () => {
  const { page } = await open("plain");
  const read = await page.evaluate(`
    const app = document.getElementById("app");
    app.innerHTML = jsonLdElement(window.input.data);
    JSON.stringify([app.children.length, JSON.parse(app.firstElementChild.textContent)])
  `);
  expect(JSON.parse(String(read))).toEqual([1, data]);
});

test("where the browser has no Trusted Types, the result is text", async () => {
  const page = await browser.newPage();
  await page.addInitScript("delete window.trustedTypes;");
  await page.route("**/*", async (route) => {
    const answer = await route.fetch();
    const headers = { ...answer.headers() };
    delete headers["content-security-policy"];
    await route.fulfill({ response: answer, headers });
  });
  await page.goto(`${origin}/plain/`);
  await page.waitForFunction("window.ready === true");
  expect(await page.evaluate(`safeHtml("<b onclick=x>y</b>")`)).toBe("<b>y</b>");
});

describe.each(["react", "vue", "svelte"])("headgate/%s", (name) => {
  test("shows clean HTML and data under enforced Trusted Types", async () => {
    const { page, errors } = await open(name);
    expect(errors).toEqual([]);
    const body = await page.evaluate(`
      const body = document.querySelector("#app article.body");
      for (const element of body.querySelectorAll("*")) element.click();
      body.innerHTML.replaceAll("<!---->", "")
    `);
    expect(body).toBe('<h2>Hi</h2><p>you</p><img src="/x"><a>go</a>');
    const json = await page.evaluate(`document.querySelector('#app script[type="application/ld+json"]').textContent`);
    expect(JSON.parse(String(json))).toEqual(data);
    await page.waitForTimeout(100);
    expect(await page.evaluate("window.hit ?? null")).toBe(null);
  });
});

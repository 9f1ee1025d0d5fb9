/**
 * What a real browser makes of the attacks: raw, most of them run; cleaned, none does, neither as a part of a document nor
 * in `innerHTML`, and nothing asks for anything at another origin.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { profiles } from "../../src/lib/html/profiles.ts";
import type { SanitizeProfile } from "../../src/lib/sanitize-profile.ts";
import { createJsdomPurifier } from "../../src/sanitize/jsdom-purifier.ts";
import { bundle } from "../support/bundle.ts";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { attackList } from "../sanitize/attacks.ts";
import { benign } from "../sanitize/benign.ts";

const purify = createJsdomPurifier();
const framing: SanitizeProfile = {
  ...profiles.rich,
  name: "rich with frames and styles",
  frames: ["www.youtube-nocookie.com"],
  styles: ["color", "font-family"],
  dataImages: true,
};

let browser: TestBrowser;
let server: Server;
let origin: string;

beforeAll(async () => {
  const script = await bundle(
    `import { safeHtml } from "headgate/browser"; Object.assign(window, { safeHtml, ready: true });`,
    "page",
  );
  server = createServer(({ url }, response) => {
    if (url === "/main.js") response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else if (url === "/") {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
      response.end(`<!doctype html><title>x</title><body><script type="module" src="/main.js"></script>`);
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

async function openPage(): Promise<{ readonly page: Page; readonly asked: readonly string[] }> {
  const page = await browser.newPage();
  page.on("dialog", (dialog) => void dialog.dismiss());
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${origin}/`);
  await page.waitForFunction("window.ready === true");
  return { page, asked };
}

/**
 * Puts each text into a document of its own, at once as its body and as `innerHTML`, twice over; does what a reader might do;
 * and says which of them ran.
 */
const runAll = `async (texts) => {
  const ran = new Set();
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let from = 0; from < texts.length; from += 30) {
    const frames = texts.slice(from, from + 30).map((text, offset) => {
      window["hit" + (from + offset)] = () => ran.add(from + offset);
      const frame = document.createElement("iframe");
      const hook = "<!doctype html><script>window.hit = parent.hit" + (from + offset) + "</scr" + "ipt><body>";
      frame.srcdoc = hook + text;
      const loaded = new Promise((resolve) => { frame.onload = resolve; setTimeout(resolve, 1500); });
      document.body.append(frame);
      return { frame, text, loaded };
    });
    await Promise.all(frames.map(({ loaded }) => loaded));
    for (const { frame, text } of frames) {
      const inner = frame.contentDocument;
      if (!inner || !inner.body) continue;
      const place = inner.createElement("div");
      inner.body.append(place);
      place.innerHTML = text;
      place.innerHTML = place.innerHTML;
      for (const element of inner.querySelectorAll("*")) {
        for (const type of ["mouseover", "pointerenter", "focus", "toggle", "animationstart"])
          element.dispatchEvent(new Event(type));
        if (element.localName === "a" && !/^(?:java|vb)script:/i.test(element.protocol ?? "")) continue;
        element.click?.();
      }
    }
    await wait(150);
    for (const { frame } of frames) frame.remove();
  }
  return [...ran];
}`;

async function run(page: Page, texts: readonly string[]): Promise<readonly number[]> {
  return (await page.evaluate(`(${runAll})(${JSON.stringify(texts)})`)) as readonly number[];
}

test("the trap is set: many attacks run in this browser as they are", async () => {
  const { page } = await openPage();
  const ran = await run(
    page,
    attackList.map(([, html]) => html),
  );
  expect(ran.length).toBeGreaterThan(80);
}, 60_000);

describe.each([profiles.text, profiles.basic, profiles.rich, framing])("cleaned by $name", (profile) => {
  test("no attack runs, loads or mutates", async () => {
    const { page, asked } = await openPage();
    const clean = attackList.map(([, html]) => purify(html, profile));
    const ran = await run(page, clean);
    expect(ran.map((at) => [attackList[at]?.[1], clean[at]])).toEqual([]);
    const elsewhere = asked.filter((url) => !url.startsWith(origin) && !/^(?:about:|data:image\/png)/.test(url));
    expect(elsewhere.filter((url) => !url.startsWith("https://www.youtube-nocookie.com/embed/x"))).toEqual([]);
  }, 60_000);

  test("the browser reads what was written, and writes what it reads", async () => {
    const { page } = await openPage();
    const clean = [...attackList.map(([, html]) => html), ...benign.map(({ html }) => html)].map((html) =>
      purify(html, profile),
    );
    const changed = await page.evaluate(`
      ${JSON.stringify(clean)}.filter((text) => {
        const [one, other] = [document.createElement("template"), document.createElement("template")];
        one.innerHTML = text;
        other.innerHTML = one.innerHTML;
        return !one.content.isEqualNode(other.content);
      })
    `);
    expect(changed).toEqual([]);
  });
});

test.each(["text", "basic", "rich"] as const)("both sides come to the same result by %s", async (name) => {
  const { page } = await openPage();
  const texts = [...attackList.map(([, html]) => html), ...benign.map(({ html }) => html)];
  const there = (await page.evaluate(
    `${JSON.stringify(texts)}.map((text) => String(safeHtml(text, "${name}")))`,
  )) as readonly string[];
  // Browsers have begun to let any element into a select, and see through a form whose fields shadow its own members.
  const readApart = /<select>|name=attributes/;
  const differ = texts.flatMap((text, at) => {
    if (readApart.test(text)) return [];
    const here = purify(text, profiles[name]);
    return here === there[at] ? [] : [{ text: text.slice(0, 200), here, there: there[at] }];
  });
  expect(differ).toEqual([]);
});

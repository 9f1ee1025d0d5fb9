/** Policies in a real browser: what was built or rendered runs, and what was slipped in does not. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findFreePort } from "../../src/cli/demo/free-port.ts";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { open, startTestGateway, startUpstream } from "../support/gateway.ts";

let browser: TestBrowser;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

const ran = (page: Page) =>
  page.evaluate(() => [...((globalThis as { ran?: string[] }).ran ?? [])]) as Promise<readonly string[]>;
const run = (name: string) => `(globalThis.ran ??= []).push("${name}")`;

/** Opens a page and gives back what ran in it, in order of names. */
async function visit(url: string): Promise<readonly string[]> {
  const page = await browser.newPage();
  try {
    await page.goto(url, { waitUntil: "load" });
    return (await ran(page)).toSorted();
  } finally {
    await page.context().close();
  }
}

describe("a site that was built", () => {
  const files = {
    "index.html": `<!doctype html><script>${run("inline")}</script><script src="/app.js"></script>`,
    "modules.html": `<!doctype html><script>${run("inline")}</script><script type="module" src="module.js"></script>`,
    "app.js": `${run("file")};{const s=document.createElement("script");s.src="/later.js";document.head.append(s)}`,
    "module.js": `import "./part.js";${run("module")}`,
    "part.js": run("part"),
    "later.js": run("later"),
  };

  async function serve(change: (folder: string) => void = () => {}, integrity = true): Promise<string> {
    const folder = mkdtempSync(join(tmpdir(), "headgate-csp-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const manifest = join(folder, "manifest.json");
    const args = ["src/cli/main.ts", "csp", "build", folder, "--out", manifest, ...(integrity ? ["--integrity"] : [])];
    // Not in the foreground: the gateways of this process would see an event loop that stands still, and shed the load.
    await promisify(execFile)(process.execPath, args);
    change(folder);
    const https = await findFreePort();
    const site = `https://localhost:${https}`;
    const upstreams = { backend: { directory: folder } };
    const routes = [open("GET /*", { page: true })];
    await startTestGateway({ site, hosts: [], upstreams, csp: { manifest }, routes }, "", { https });
    return site;
  }

  const alter = (name: string, edit: (text: string) => string) => (folder: string) =>
    writeFileSync(join(folder, name), edit(readFileSync(join(folder, name), "utf8")));

  test("runs, and what its scripts load with it", async () => {
    for (const site of [await serve(), await serve(undefined, false)]) {
      expect(await visit(site)).toEqual(["file", "inline", "later"]);
      expect(await visit(`${site}/modules`)).toEqual(["inline", "module", "part"]);
    }
  });

  test("does not run what was put into a page after the build", async () => {
    const site = await serve(
      alter(
        "index.html",
        (text) => `${text}<script>${run("injected")}</script><img src=x onerror='${run("handler")}'>`,
      ),
    );
    expect(await visit(site)).toEqual(["file", "inline", "later"]);
  });

  test("does not run a file that was changed after the build", async () => {
    expect(await visit(await serve(alter("app.js", (text) => `${text};${run("changed")}`)))).toEqual(["inline"]);
  });
});

describe("a page that a server rendered", () => {
  async function serve(body: (nonce: string) => string, csp: object = {}): Promise<string> {
    const scripts: Readonly<Record<string, string>> = {
      "/assets/own.js": run("own"),
      "/uploads/theirs.js": run("uploaded"),
      "/assets/sink.js": `try { document.body.innerHTML = "<b>x</b>"; ${run("sink")} } catch { ${run("refused")} }`,
    };
    const upstream = await startUpstream(({ url = "", headers }, response) => {
      const script = scripts[url];
      if (script === undefined) {
        response
          .writeHead(200, { "content-type": "text/html" })
          .end(`<!doctype html>${body(String(headers["x-nonce"]))}`);
      } else response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    });
    const https = await findFreePort();
    const site = `https://localhost:${https}`;
    await startTestGateway(
      { site, hosts: [], csp, reports: {}, routes: [open("GET /*", { page: true })] },
      upstream.url,
      { https },
    );
    return site;
  }

  test("runs its own files and what the renderer vouched for, and nothing else", async () => {
    const site = await serve(
      (nonce) => `<script src="/assets/own.js"></script><script nonce="${nonce}">${run("vouched")}</script>
<script>${run("inline")}</script><script nonce="guess">${run("guess")}</script><script src="/uploads/theirs.js"></script>
<svg><script>${run("svg")}</script></svg><img src=x onerror='${run("handler")}'><iframe srcdoc="<script>parent.${run("frame").slice(1)}</script>"></iframe>
<script src="/.headgate/client.js"></script>`,
    );
    expect(await visit(site)).toEqual(["own", "vouched"]);
  });

  test("does not lend its nonce to a tag that swallows another one", async () => {
    const site = await serve(() => `<script src="/uploads/theirs.js" <script src="/assets/own.js"></script>`);
    expect(await visit(site)).toEqual([]);
  });

  test("refuses text where HTML is expected, with Trusted Types", async () => {
    const body = () => `<body><script defer src="/assets/sink.js"></script>`;
    expect(await visit(await serve(body))).toEqual(["sink"]);
    expect(await visit(await serve(body, { trustedTypes: [] }))).toEqual(["refused"]);
    expect(await visit(await serve(body, { reportOnly: { trustedTypes: [] } }))).toEqual(["sink"]);
  });
});

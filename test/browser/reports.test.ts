/** What a real browser reports arrives as events: violations of its policy, and errors that the client script sends. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findFreePort } from "../../src/cli/demo/free-port.ts";
import type { Note } from "../../src/guards/contract/exchange.ts";
import { launchChromium, type TestBrowser } from "../support/chromium.ts";
import { open, startTestGateway, startUpstream, type TestGateway } from "../support/gateway.ts";

let browser: TestBrowser;

beforeAll(async () => {
  // Browsers hold reports back for a minute, to send several at once.
  browser = await launchChromium({ args: ["--short-reporting-delay"] });
});
afterAll(() => browser.close());

const policy = "script-src 'self' 'report-sample'; connect-src 'self'";
const reporting = {
  "content-type": "text/html",
  "reporting-endpoints": 'gateway="/.headgate/reports"',
};
const pages: Readonly<Record<string, { readonly headers: Readonly<Record<string, string>>; readonly body: string }>> = {
  "/legacy/42": {
    headers: { "content-type": "text/html", "content-security-policy": `${policy}; report-uri /.headgate/reports` },
    body: `<!doctype html><title>x</title><script>document.title = "ran"</script>`,
  },
  "/modern/42": {
    headers: { ...reporting, "content-security-policy": `${policy}; report-to gateway` },
    body: `<!doctype html><title>x</title><img src="/missing.png" onerror="document.title = 'ran'">`,
  },
  "/rehearsed": {
    headers: { ...reporting, "content-security-policy-report-only": `${policy}; report-to gateway` },
    body: `<!doctype html><title>x</title><script>document.title = "ran"</script>`,
  },
  "/forbidden": {
    headers: {
      "content-type": "text/html",
      "reporting-endpoints": 'default="/.headgate/reports"',
      "permissions-policy": "geolocation=()",
    },
    body: `<!doctype html><title>x</title><script>navigator.geolocation.getCurrentPosition(() => {}, () => {})</script>`,
  },
  "/errors": {
    headers: { "content-type": "text/html", "content-security-policy": policy },
    body: `<!doctype html><title>x</title><script src="/.headgate/client.js"></script><script src="/broken.js"></script>`,
  },
  "/quiet": {
    headers: { "content-type": "text/html" },
    body: `<!doctype html><title>x</title><script src="/.headgate/client.js"></script>`,
  },
  "/broken.js": {
    headers: { "content-type": "text/javascript" },
    body: `
      const broken = fetch("/api/broken?token=s3cret", { method: "PUT" });
      const leaving = new AbortController();
      fetch("/given-up", { signal: leaving.signal }).catch(() => {});
      leaving.abort();
      fetch("/api/gone#s3cret").catch(() => {});
      fetch("https://nowhere.example/x").catch(() => {});
      const image = new Image(); image.src = "/missing.png?token=s3cret"; document.body?.append(image) ?? document.documentElement.append(image);
      Promise.reject(new Error("nobody caught this"));
      setTimeout(() => { throw new TypeError("nobody caught that"); });
      for (let count = 0; count < 30; count += 1) setTimeout(() => { throw new Error("again and again"); });
      broken.then(() => {
        for (let count = 0; count < 30; count += 1) setTimeout(() => { throw new Error('error ' + count); }, 200);
      });
    `,
  },
};

async function startSite(): Promise<TestGateway> {
  const upstream = await startUpstream(({ url = "" }, response) => {
    const page = pages[url.split("?")[0] ?? ""];
    if (page) response.writeHead(200, page.headers).end(page.body);
    else if (url.startsWith("/api/broken")) response.writeHead(503).end();
    else response.writeHead(404).end();
  });
  const page = { page: true, query: "any", csp: { mode: "upstream" } };
  const routes = ["GET /legacy/:id", "GET /modern/:id", "GET /errors", "GET /:file"].map((match) => open(match, page));
  const https = await findFreePort();
  return startTestGateway(
    {
      site: `https://localhost:${https}`,
      hosts: [],
      reports: {},
      routes: [...routes, open("PUT /api/broken", { query: "any" })],
    },
    upstream.url,
    { https },
  );
}

function notesOf(gateway: TestGateway, event: string): readonly Note[] {
  return gateway.events.flatMap(({ notes }) => notes.filter((note) => note.event === event));
}

test("a script that the policy refuses arrives at once, by report-uri", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  await page.goto(`https://localhost:${gateway.httpsPort}/legacy/42?token=s3cret`);
  expect(await page.title()).toBe("x");
  await vi.waitFor(() => expect(notesOf(gateway, "csp.violated")).toHaveLength(1), { timeout: 10_000 });
  expect(notesOf(gateway, "csp.violated")[0]).toMatchObject({
    guard: "reports",
    count: 1,
    facts: {
      page: "/legacy/:id",
      directive: "script-src-elem",
      blocked: "inline",
      disposition: "enforce",
      sample: 'document.title = "ran"',
    },
  });
  expect(JSON.stringify(gateway.events)).not.toContain("s3cret");
});

test("an inline handler that the policy refuses arrives by the Reporting API", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  await page.goto(`https://localhost:${gateway.httpsPort}/modern/42?token=s3cret`);
  await vi.waitFor(() => expect(notesOf(gateway, "csp.violated")).toHaveLength(1), { timeout: 15_000 });
  expect(notesOf(gateway, "csp.violated")[0]?.facts).toMatchObject({
    page: "/modern/:id",
    directive: "script-src-attr",
    blocked: "inline",
  });
  expect(JSON.stringify(gateway.events)).not.toContain("s3cret");
});

test("what a policy would refuse arrives as well, and says that it was let through", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  await page.goto(`https://localhost:${gateway.httpsPort}/rehearsed`);
  expect(await page.title()).toBe("ran");
  await vi.waitFor(() => expect(notesOf(gateway, "csp.violated")).toHaveLength(1), { timeout: 15_000 });
  expect(notesOf(gateway, "csp.violated")[0]).toMatchObject({
    reason: "script-src-elem would refuse inline on /:file",
    facts: { disposition: "report" },
  });
});

test("other reports of the browser arrive at the endpoint named default", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  await page.goto(`https://localhost:${gateway.httpsPort}/forbidden`);
  await vi.waitFor(() => expect(notesOf(gateway, "permissions.violated")).toHaveLength(1), { timeout: 15_000 });
  expect(notesOf(gateway, "permissions.violated")[0]?.facts).toMatchObject({
    policyId: "geolocation",
    disposition: "enforce",
    page: "/:file",
  });
});

test("a page of another origin reports too: the browser's preflight is answered", async () => {
  const gateway = await startSite();
  const upstream = await startUpstream((_request, response) => {
    const headers = {
      "content-type": "text/html",
      "reporting-endpoints": `gateway="https://localhost:${gateway.httpsPort}/.headgate/reports"`,
      "content-security-policy": "script-src 'none'; report-to gateway",
    };
    response.writeHead(200, headers).end("<!doctype html><script>1</script>");
  });
  // Browsers take the header from pages over TLS only, so the other site has a gateway as well.
  const other = await startTestGateway(
    { routes: [open("GET /x", { page: true, csp: { mode: "upstream" } })] },
    upstream.url,
  );
  const elsewhere = `https://127.0.0.1:${other.httpsPort}`;
  const page = await browser.newPage();
  await page.goto(`${elsewhere}/x`);
  await vi.waitFor(() => expect(notesOf(gateway, "csp.violated")).toHaveLength(1), { timeout: 15_000 });
  expect(notesOf(gateway, "csp.violated")[0]?.facts).toMatchObject({ page: elsewhere, blocked: "inline" });
  expect(gateway.events.map(({ method, route }) => `${method} on ${route}`)).toEqual([
    "OPTIONS on POST /.headgate/reports",
    "POST on POST /.headgate/reports",
  ]);
});

test("what goes wrong in a page arrives by the client script: each thing once, without queries, twenty at most", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  const site = `https://localhost:${gateway.httpsPort}`;
  await page.goto(`${site}/errors?token=s3cret`);
  await vi.waitFor(() => expect(notesOf(gateway, "browser.failed")).toHaveLength(20), { timeout: 10_000 });
  const facts = notesOf(gateway, "browser.failed").map((note) => note.facts);
  const common = { page: "/errors" };
  const source = `${site}/broken.js`;
  const expected = [
    { kind: "fetch", method: "PUT", url: `${site}/api/broken`, status: "503", ...common },
    { kind: "fetch", method: "GET", url: "https://nowhere.example/x", ...common },
    { kind: "resource", url: `${site}/missing.png`, ...common },
    { kind: "rejection", message: "nobody caught this", ...common },
    { kind: "error", message: "Uncaught TypeError: nobody caught that", source, line: "10", column: "32", ...common },
    { kind: "error", message: "Uncaught Error: again and again", source, line: "11", column: "76", ...common },
  ];
  for (const one of expected) expect(facts).toContainEqual(one);
  // A call that is answered 404 did not fail, and a call that the page gave up was meant to end.
  expect(JSON.stringify(facts)).not.toMatch(/api\/gone|given-up/);
  expect(JSON.stringify(gateway.events)).not.toContain("s3cret");
});

test("a page that leaves before the script has sent anything still tells", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  const site = `https://localhost:${gateway.httpsPort}`;
  await page.goto(`${site}/quiet`);
  await page.evaluate(() => void Promise.reject(new Error("told on leaving")));
  await page.goto("about:blank");
  await vi.waitFor(
    () => expect(notesOf(gateway, "browser.failed")).toMatchObject([{ facts: { message: "told on leaving" } }]),
    { timeout: 5000 },
  );
});

test("the script changes nothing of what the page's own calls do", async () => {
  const gateway = await startSite();
  const page = await browser.newPage();
  await page.goto(`https://localhost:${gateway.httpsPort}/quiet`);
  const outcome = await page.evaluate(async () => {
    const answer = await fetch(new URL("/quiet", location.href), { method: "GET" });
    const { fetch: unbound } = globalThis;
    const failed = await unbound("https://nowhere.example/").catch((error: Error) => error.name);
    const aborted = await fetch("/quiet", { signal: AbortSignal.abort("why") }).catch((error: unknown) => error);
    return { status: answer.status, text: (await answer.text()).length > 0, failed, aborted };
  });
  expect(outcome).toEqual({ status: 200, text: true, failed: "TypeError", aborted: "why" });
});

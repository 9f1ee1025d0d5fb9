/**
 * A real headless Chromium for tests of what a browser does.
 *
 * ```ts
 * const browser = await launchChromium();
 * const page = await browser.newPage();
 * await browser.close();
 * ```
 *
 * Each call starts a browser of its own with a fresh profile, and each page has cookies and storage of its own. The
 * certificate of a development gateway is accepted. No name resolves but `localhost`, unless the test says where: nothing
 * that a page asks for leaves the machine. `npm test` installs Chromium where it may; `HEADGATE_CHROMIUM` names another.
 */
import { type Browser, chromium, type Page } from "playwright-core";

export interface TestBrowser {
  /** A page in a context of its own, as a first visit. */
  newPage(): Promise<Page>;
  close(): Promise<void>;
}

export interface ChromiumOptions {
  /** Names that lead to loopback: `["shop.example", "*.partner.example"]`. */
  readonly hosts?: readonly string[];
  /** Further command line switches. */
  readonly args?: readonly string[];
}

const switches = [
  ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  ...["--disable-component-update", "--disable-sync"],
  // Pages are allowed bad certificates one by one; reports and other requests of the browser's own are not.
  "--ignore-certificate-errors",
];

/** Starts a browser. It costs half a second: start one for a file of tests, and close it in `afterAll`. */
export async function launchChromium({ hosts = [], args = [] }: ChromiumOptions = {}): Promise<TestBrowser> {
  const rules = [...hosts.map((host) => `MAP ${host} 127.0.0.1`), "MAP * ~NOTFOUND", "EXCLUDE localhost"];
  const browser: Browser = await chromium.launch({
    executablePath: process.env["HEADGATE_CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: [...switches, `--host-resolver-rules=${[...rules, "EXCLUDE 127.0.0.1"].join(", ")}`, ...args],
  });
  return {
    async newPage() {
      const context = await browser.newContext({ ignoreHTTPSErrors: true });
      return context.newPage();
    },
    close: () => browser.close(),
  };
}

import { html, type Reply } from "../../http/router.ts";
import { environment } from "../environment.ts";
import type { Upstreams } from "../storefront.ts";

/** What a page is made of. */
export type Page = {
  readonly title: string;
  readonly body: string;
  /** Client scripts, by the name of their file. */
  readonly scripts?: readonly string[];
  /** What the scripts of the page read. */
  readonly data?: unknown;
};

/**
 * Puts a page together.
 *
 * frontend-xss: text and HTML are pasted into one string and nothing is encoded. frontend-csp: no policy, and an inline
 * script in every page that a policy would have to know.
 */
export function renderPage(upstreams: Upstreams, page: Page, status = 200): Reply {
  const data = { issuer: upstreams.issuer, clientId: "storefront", resource: "urn:shop-api", ...toObject(page.data) };
  const scripts = ["navigation.js", ...(page.scripts ?? [])];
  return html(
    status,
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${page.title} · ${environment["PUBLIC_SHOP_NAME"]}</title>
<link rel="icon" href="/assets/icon.svg">
<link rel="stylesheet" href="/assets/shop.css">
<script>document.documentElement.dataset.openedAt = Date.now()</script>
</head>
<body>
<header>
<a class="brand" href="/">${environment["PUBLIC_SHOP_NAME"]}</a>
<nav><a href="/">Products</a> <a href="/articles">Articles</a> <a href="/account">Account</a> <span id="session"></span></nav>
<form action="/search" role="search"><input name="q" type="search" aria-label="Search"><button>Search</button></form>
</header>
<main>
<p id="notice" role="status"></p>
${page.body}
</main>
<script type="application/json" id="page-data">${JSON.stringify(data)}</script>
${scripts.map((name) => `<script type="module" src="/assets/${name}"></script>`).join("\n")}
</body>
</html>`,
  );
}

/** Asks an API behind the storefront. */
export async function ask(origin: string, path: string): Promise<unknown> {
  const response = await fetch(`${origin}${path}`);
  // api-error-leak: what the API says about its failure becomes the storefront's own error page.
  if (!response.ok) throw new Error(`${origin}${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Asks for a list of records. */
export async function askList(origin: string, path: string): Promise<Record<string, unknown>[]> {
  const value = await ask(origin, path);
  return Array.isArray(value) ? value.map(toObject) : [];
}

/** A value as a record; anything else is an empty one. */
export function toObject(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

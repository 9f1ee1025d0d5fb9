import { stampRule, trustAddresses } from "../../src/lib/csp/stamp-rule.ts";
import { rewriteDocument } from "../../src/lib/html/rewrite-document.ts";
import type { UnitCost } from "../unit.ts";

/** Nonces in a page of 100 KB as a shop renders it: 40 script tags, a list of 200 products, data for its scripts. */
export const pageNonces: UnitCost = {
  name: "page-nonces",
  title: "nonces put into a page of 100 KB",
  limitMicros: 1500,
  async prepare() {
    const trusts = trustAddresses({ site: "https://shop.example", paths: ["/assets/"], sources: [] });
    const page = new TextEncoder().encode(renderPage());
    return () => rewriteDocument(page, [stampRule("BwcHBwcHBwcHBwcHBwcHBw==", trusts)], undefined);
  },
};

function renderPage(): string {
  const scripts = Array.from({ length: 40 }, (_, at) => `<script defer src="/assets/chunk-${at}.js"></script>`);
  const products = Array.from(
    { length: 200 },
    (_, at) =>
      `<li class="card"><a href="/products/${at}" title="Product no. ${at}"><img src="/media/${at}.avif" alt="" width="320" height="200" loading="lazy"><h3>Large Stoneware Cushion</h3><p>Made of stoneware &amp; large enough for two.</p></a><span class="price">${at},90 €</span></li>`,
  );
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>${scripts.join("\n")}</head>`;
  const start = `${head}<body><main><ul>${products.join("\n")}</ul></main><script type="application/json" id="data">`;
  return `${start}${JSON.stringify({ text: "x".repeat(Math.max(0, 100_000 - start.length)) })}</script></body></html>`;
}

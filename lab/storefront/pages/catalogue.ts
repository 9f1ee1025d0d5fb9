import type { Call, Reply, Router } from "../../http/router.ts";
import type { Upstreams } from "../storefront.ts";
import { ask, askList, renderPage, toObject } from "./page.ts";

/** Adds the pages of the catalogue. */
export function addCataloguePages(router: Router, upstreams: Upstreams): void {
  router
    .on("GET /", (call) => renderHome(upstreams, call))
    .on("GET /products/:id", (call) => renderProduct(upstreams, call))
    .on("GET /search", (call) => renderSearch(upstreams, call));
}

async function renderHome(upstreams: Upstreams, call: Call): Promise<Reply> {
  const offset = Number(call.query.get("offset") ?? "0");
  const products = await askList(upstreams.commerce, `/api/products?limit=20&offset=${offset}`);
  const next = products.length === 20 ? `<p><a rel="next" href="/?offset=${offset + 20}">More products</a></p>` : "";
  return renderPage(upstreams, { title: "Products", body: `<h1>Products</h1>${renderGrid(products)}${next}` });
}

async function renderProduct(upstreams: Upstreams, call: Call): Promise<Reply> {
  const product = toObject(await ask(upstreams.commerce, `/api/products/${call.params["id"]}`));
  const body = `<article class="product">
<img src="${product["image"]}" alt="" width="320" height="200">
<h1>${product["name"]}</h1>
<p>${product["description"]}</p>
<p class="price">${product["price"]} ${product["currency"]} · ${product["stock"]} in stock</p>
<form id="order">
<label>Quantity <input name="quantity" type="number" value="1"></label>
<label>Discount code <input name="code"></label>
<button>Order</button>
</form>
</article>
<section><h2>Reviews</h2><div id="reviews"></div>
<form id="review">
<label>Rating <input name="rating" type="number" value="5"></label>
<label>Your review <textarea name="text" rows="3"></textarea></label>
<button>Send review</button>
</form></section>`;
  // frontend-bundle-secrets: the whole record is in the page, with what the product costs the shop and who delivers it.
  return renderPage(upstreams, { title: String(product["name"]), body, scripts: ["product.js"], data: { product } });
}

/** frontend-xss: the words that were searched for become part of the page. */
async function renderSearch(upstreams: Upstreams, call: Call): Promise<Reply> {
  const q = call.query.get("q") ?? "";
  const products = await askList(upstreams.commerce, `/api/search?q=${encodeURIComponent(q)}`);
  const body = `<h1>Results for ${q}</h1><p>${products.length} products</p>${renderGrid(products)}`;
  return renderPage(upstreams, { title: `Search ${q}`, body });
}

function renderGrid(products: readonly Record<string, unknown>[]): string {
  const items = products.map(
    (
      product,
    ) => `<li><a href="/products/${product["id"]}"><img src="${product["image"]}" alt="" width="160" height="100">
<strong>${product["name"]}</strong></a> ${product["price"]} EUR</li>`,
  );
  return `<ul class="grid">${items.join("\n")}</ul>`;
}

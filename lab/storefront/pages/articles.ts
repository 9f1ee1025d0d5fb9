import type { Call, Reply, Router } from "../../http/router.ts";
import type { Upstreams } from "../storefront.ts";
import { ask, askList, renderPage, toObject } from "./page.ts";

/** Adds the pages of the magazine. */
export function addArticlePages(router: Router, upstreams: Upstreams): void {
  router
    .on("GET /articles", (call) => renderArticles(upstreams, call))
    .on("GET /articles/:slug", (call) => renderArticle(upstreams, call));
}

async function renderArticles(upstreams: Upstreams, call: Call): Promise<Reply> {
  const articles = await askList(upstreams.content, `/api/content/articles?${call.query}`);
  const items = articles.map(
    (article) => `<li><a href="/articles/${article["slug"]}">${article["title"]}</a> ${article["summary"]}</li>`,
  );
  return renderPage(upstreams, { title: "Articles", body: `<h1>Articles</h1><ul>${items.join("\n")}</ul>` });
}

/** frontend-ugc, frontend-xss: the editor's HTML is the page's HTML; api-access: ?preview=true works for readers. */
async function renderArticle(upstreams: Upstreams, call: Call): Promise<Reply> {
  const address = `/api/content/articles/${call.params["slug"]}?${call.query}`;
  const article = toObject(await ask(upstreams.content, address));
  const body = `<article><img src="${article["image"]}" alt="" width="320" height="200">
<h1>${article["title"]}</h1><p>By ${article["author"]}</p>
<div id="article-body">${article["body"]}</div></article>`;
  return renderPage(upstreams, {
    title: String(article["title"]),
    body,
    scripts: ["live-editor.js"],
    data: { slug: article["slug"] },
  });
}

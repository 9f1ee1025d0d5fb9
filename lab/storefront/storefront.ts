import { createRouter, type Route } from "../http/router.ts";
import { type Address, type Listening, serveRouter } from "../http/serve.ts";
import { buildAssets } from "./bundle.ts";
import { environment } from "./environment.ts";
import { forward, forwardUpgrade } from "./forward.ts";
import { addAccountPages } from "./pages/account.ts";
import { addArticlePages } from "./pages/articles.ts";
import { addCataloguePages } from "./pages/catalogue.ts";
import { serveFile } from "./static-files.ts";

/** What stands behind the storefront. */
export type Upstreams = {
  readonly content: string;
  readonly commerce: string;
  readonly graphql: string;
  readonly issuer: string;
};

/** Starts the storefront: its pages and scripts, and the rewrites that put the APIs on the same origin. */
export async function startStorefront(address: Address, upstreams: Upstreams): Promise<Listening> {
  const router = createRouter();
  const assets = buildAssets();
  // secrets-least-privilege: readers of articles are passed on with the editors' token, so every reader is an editor.
  const contentHeaders = { authorization: `Bearer ${environment["PUBLIC_CMS_MANAGEMENT_TOKEN"]}` };
  router
    .on("* /api/content/*", rewriteTo(upstreams.content, contentHeaders))
    .on("* /api/*", rewriteTo(upstreams.commerce))
    .on("* /graphql", rewriteTo(upstreams.graphql));
  addCataloguePages(router, upstreams);
  addArticlePages(router, upstreams);
  addAccountPages(router, upstreams);
  router.on("GET /*", (call) => serveFile(call, assets));

  const listening = await serveRouter(address, "nginx/1.14.0", router);
  listening.server.on("upgrade", (request, socket, head) => forwardUpgrade(request, socket, head, upstreams.commerce));
  return listening;
}

function rewriteTo(upstream: string, headers: Record<string, string> = {}): Route {
  return ({ request, response }) => {
    forward(request, response, upstream, headers);
    return undefined;
  };
}

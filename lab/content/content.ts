import type { Database } from "../data/rows.ts";
import { StatusError } from "../http/errors.ts";
import { type Call, createRouter, json, readJson, type Reply } from "../http/router.ts";
import { type Address, type Listening, serveRouter } from "../http/serve.ts";
import { addArticleRoutes } from "./articles.ts";
import { managementToken } from "./config.ts";

/** Starts the content API of the headless CMS. */
export function startContent(address: Address, database: Database): Promise<Listening> {
  const router = createRouter();
  addArticleRoutes(router, database);
  router
    .on("GET /api/content/media/:id", (call) => showMedia(database, call))
    .on("POST /api/content/webhooks/publish", (call) => publish(database, call))
    .on("GET /api/content/export", () => exportEverything(database))
    .on("GET /api/content/status", () => showStatus());
  return serveRouter(address, "ShopContent/1.8.0", router);
}

/** frontend-ugc: an SVG is a document with scripts, and it is served from the shop's own origin. */
function showMedia(database: Database, call: Call): Reply {
  const media = database.prepare("select type, content from media where id = ?").get(call.params["id"] ?? "");
  if (!(media?.["content"] instanceof Uint8Array)) throw new StatusError(404, `No media ${call.params["id"]}`);
  return { status: 200, headers: { "content-type": String(media["type"]) }, body: media["content"] };
}

/** api-access: no signature, no time stamp. Whoever knows the address publishes a draft, as often as they like. */
async function publish(database: Database, call: Call): Promise<Reply> {
  const { slug } = await readJson(call.request);
  database.prepare("update articles set status = 'published' where slug = ?").run(String(slug));
  return json(200, {
    published: slug,
    signature: call.request.headers["x-webhook-signature"] ?? "not sent, not needed",
  });
}

/** api-access: the whole editorial database, drafts and the editors' notes and addresses included. */
function exportEverything(database: Database): Reply {
  const articles = database.prepare("select * from articles").all();
  return json(200, { articles, media: database.prepare("select id, fileName, type from media").all() });
}

/** secrets-rotation: the key's age is public, and so is the fact that it never changed. */
function showStatus(): Reply {
  const token = { prefix: managementToken.slice(0, 9), createdAt: "2019-03-04", rotatedAt: null, scopes: ["*"] };
  return json(200, { version: "1.8.0", managementToken: token });
}

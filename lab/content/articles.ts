import type { Database, Row } from "../data/rows.ts";
import { toColumn } from "../data/rows.ts";
import { StatusError } from "../http/errors.ts";
import { type Call, json, readJson, type Reply, type Router } from "../http/router.ts";
import { managementToken } from "./config.ts";

/** Adds the articles: what everyone reads and what editors change. */
export function addArticleRoutes(router: Router, database: Database): void {
  router
    .on("GET /api/content/articles", (call) => listArticles(database, call))
    .on("GET /api/content/articles/:slug", (call) => showArticle(database, call))
    .on("PUT /api/content/articles/:slug", (call) => changeArticle(database, call))
    .on("DELETE /api/content/articles/:slug", (call) => deleteArticle(database, call));
}

/** api-access: `?status=draft` and `?preview=true` are for editors, and work for everyone. */
function listArticles(database: Database, call: Call): Reply {
  const status = call.query.get("status") ?? "published";
  const shown = call.query.get("preview") === "true" ? ["published", "draft"] : [status];
  const marks = shown.map(() => "?").join(", ");
  return json(200, database.prepare(`select * from articles where status in (${marks})`).all(...shown));
}

function showArticle(database: Database, call: Call): Reply {
  const article = readArticle(database, call.params["slug"] ?? "");
  const isPreview = call.query.get("preview") === "true" || call.query.get("status") === "draft";
  if (article["status"] === "draft" && !isPreview) {
    // api-error-leak: the refusal says that the draft exists and how to read it.
    throw new StatusError(404, `Article ${call.params["slug"]} has status draft; add ?preview=true to read it`);
  }
  return json(200, article);
}

async function changeArticle(database: Database, call: Call): Promise<Reply> {
  requireManagementToken(call);
  for (const [column, value] of Object.entries(await readJson(call.request))) {
    // frontend-ugc: rich text is stored without a look; api-input: so are the columns.
    database
      .prepare(`update articles set ${column} = ? where slug = ?`)
      .run(toColumn(value), call.params["slug"] ?? "");
  }
  return json(200, readArticle(database, call.params["slug"] ?? ""));
}

function deleteArticle(database: Database, call: Call): Reply {
  requireManagementToken(call);
  database.prepare("delete from articles where slug = ?").run(call.params["slug"] ?? "");
  return json(200, { deleted: call.params["slug"] });
}

function readArticle(database: Database, slug: string): Row {
  const article = database.prepare("select * from articles where slug = ?").get(slug);
  if (article === undefined) throw new StatusError(404, `No article ${slug} in table articles`);
  return article;
}

function requireManagementToken(call: Call): void {
  if (call.request.headers.authorization === `Bearer ${managementToken}`) return;
  throw new StatusError(401, "This needs the management token");
}

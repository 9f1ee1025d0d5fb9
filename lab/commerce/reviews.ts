import { randomUUID } from "node:crypto";
import { insert } from "../data/rows.ts";
import { requireCaller } from "../http/caller.ts";
import { type Call, json, readJson, type Reply, type Router } from "../http/router.ts";
import type { Shop } from "./shop.ts";

/** Adds the reviews of a product. */
export function addReviewRoutes(router: Router, shop: Shop): void {
  router
    .on("GET /api/products/:id/reviews", (call) => listReviews(shop, call))
    .on("POST /api/products/:id/reviews", (call) => writeReview(shop, call));
}

function listReviews(shop: Shop, call: Call): Reply {
  const statement = shop.database.prepare(
    "select * from reviews where productId = ? order by createdAt desc, rowid desc",
  );
  return json(200, statement.all(call.params["id"] ?? ""));
}

/** frontend-ugc: stored as sent, HTML and scripts included. api-input: any rating, any length, any author. */
async function writeReview(shop: Shop, call: Call): Promise<Reply> {
  const caller = requireCaller(call.request);
  const author = shop.database.prepare("select name from users where id = ?").get(caller.id);
  const body = await readJson(call.request);
  const review = {
    authorId: caller.id,
    author: author?.["name"] ?? "Guest",
    rating: 5,
    text: "",
    ...body,
    id: randomUUID(),
    productId: call.params["id"],
    createdAt: new Date().toISOString(),
  };
  insert(shop.database, "reviews", review);
  return json(201, review);
}

import { StatusError } from "../http/errors.ts";
import { type Call, json, type Reply, type Router } from "../http/router.ts";
import { toRecord } from "./rows.ts";
import type { Shop } from "./shop.ts";

/** Adds the catalogue and its search. */
export function addProductRoutes(router: Router, shop: Shop): void {
  router
    .on("GET /api/products", (call) => listProducts(shop, call))
    .on("GET /api/products/:id", (call) => showProduct(shop, call))
    .on("GET /api/search", (call) => json(200, searchProducts(shop, call.query.get("q") ?? "")));
}

function listProducts(shop: Shop, call: Call): Reply {
  const search = call.query.get("search");
  if (search !== null) return json(200, searchProducts(shop, search));
  // api-rate-limit: ?limit= has no upper bound. api-input: it is pasted into the statement, as is the order.
  const limit = call.query.get("limit") ?? "20";
  const offset = call.query.get("offset") ?? "0";
  const sort = call.query.get("sort") ?? "rowid";
  const statement = `select * from products order by ${sort} limit ${limit} offset ${offset}`;
  return json(200, shop.database.prepare(statement).all().map(toRecord));
}

function showProduct(shop: Shop, call: Call): Reply {
  const product = shop.database.prepare("select * from products where id = ?").get(call.params["id"] ?? "");
  if (product === undefined) throw new StatusError(404, `No product ${call.params["id"]} in table products`);
  return json(200, toRecord(product));
}

/** api-input: SQL by concatenation. `' union select …` reads any table; a lone `'` shows the statement's error. */
function searchProducts(shop: Shop, text: string): unknown[] {
  const statement = `select id, name, description, price, image from products where name like '%${text}%'`;
  try {
    return shop.database.prepare(statement).all();
  } catch (error) {
    // api-error-leak: the statement itself travels with the error.
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { statement });
  }
}

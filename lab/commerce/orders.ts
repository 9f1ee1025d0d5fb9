import { randomUUID } from "node:crypto";
import { insert, type Row } from "../data/rows.ts";
import { requireCaller } from "../http/caller.ts";
import { StatusError } from "../http/errors.ts";
import { type Call, json, readJson, type Reply, type Router } from "../http/router.ts";
import { toRecord } from "./rows.ts";
import type { Shop } from "./shop.ts";

/** Adds the orders. */
export function addOrderRoutes(router: Router, shop: Shop): void {
  router
    .on("GET /api/users/:userId/orders", (call) => listOrders(shop, call))
    .on("GET /api/orders/:id", (call) => showOrder(shop, call))
    .on("POST /api/orders", (call) => placeOrder(shop, call));
}

/** api-access: a token is asked for, but not whose it is. */
function listOrders(shop: Shop, call: Call): Reply {
  requireCaller(call.request);
  const statement = shop.database.prepare("select * from orders where customerId = ? order by placedAt desc");
  return json(200, statement.all(call.params["userId"] ?? "").map(toRecord));
}

/** api-access: no token at all, because nobody can guess a UUID; but ids are printed on every parcel. */
function showOrder(shop: Shop, call: Call): Reply {
  const order = shop.database.prepare("select * from orders where id = ?").get(call.params["id"] ?? "");
  if (order === undefined) throw new StatusError(404, `No order ${call.params["id"]} in table orders`);
  return json(200, toRecord(order));
}

/** api-input: the client names the customer, the prices, the total and the status. */
async function placeOrder(shop: Shop, call: Call): Promise<Reply> {
  const caller = requireCaller(call.request);
  const body = await readJson(call.request);
  const items = Array.isArray(body["items"]) ? body["items"].map((item: Row) => completeItem(shop, item)) : [];
  const order: Row = {
    customerId: caller.id,
    status: "paid",
    total: Number(items.reduce((sum, item) => sum + Number(item["price"]) * Number(item["quantity"]), 0).toFixed(2)),
    currency: "EUR",
    address: {},
    internalNote: "",
    ...body,
    items,
    id: randomUUID(),
    placedAt: new Date().toISOString(),
    paymentToken: `pay_lab_${Date.now()}`,
  };
  insert(shop.database, "orders", order);
  return json(201, order, { location: `/api/orders/${String(order["id"])}` });
}

function completeItem(shop: Shop, item: Row): Row {
  const product = shop.database.prepare("select name, price from products where id = ?").get(String(item["productId"]));
  return { quantity: 1, name: product?.["name"], price: product?.["price"], ...item };
}

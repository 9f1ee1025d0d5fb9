import type { Database } from "../data/rows.ts";
import { createRouter } from "../http/router.ts";
import { type Address, type Listening, serveRouter } from "../http/serve.ts";
import { addDiagnosticRoutes } from "./diagnostics.ts";
import { addImageRoutes } from "./image-proxy.ts";
import { addLoginRoutes } from "./login.ts";
import { addOrderRoutes } from "./orders.ts";
import { addProductRoutes } from "./products.ts";
import { addProfileRoutes } from "./profile.ts";
import { addReviewRoutes } from "./reviews.ts";
import { createShop } from "./shop.ts";
import { answerSocket } from "./socket.ts";
import { addUploadRoutes } from "./uploads.ts";

/** Starts the commerce REST API. */
export async function startCommerce(address: Address, database: Database): Promise<Listening> {
  const router = createRouter();
  const shop = createShop(database);
  addProductRoutes(router, shop);
  addReviewRoutes(router, shop);
  addOrderRoutes(router, shop);
  addProfileRoutes(router, shop);
  addLoginRoutes(router, shop);
  addUploadRoutes(router, shop);
  addImageRoutes(router);
  addDiagnosticRoutes(router);
  const listening = await serveRouter(address, "ShopCommerce/2.3.1", router);
  listening.server.on("upgrade", answerSocket);
  return listening;
}

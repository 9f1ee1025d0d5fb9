import { randomUUID } from "node:crypto";
import { StatusError } from "../http/errors.ts";
import { type Call, json, readForm, type Reply, type Router } from "../http/router.ts";
import type { Shop } from "./shop.ts";

/** Adds pictures that customers send. */
export function addUploadRoutes(router: Router, shop: Shop): void {
  router
    .on("POST /api/uploads", (call) => keepFiles(shop, call))
    .on("GET /api/uploads/:id", (call) => showFile(shop, call));
}

/** frontend-ugc: nobody asks who sends, what it is or how much. */
async function keepFiles(shop: Shop, call: Call): Promise<Reply> {
  const files: unknown[] = [];
  for (const [field, value] of await readForm(call.request)) {
    if (typeof value === "string") continue;
    const id = randomUUID();
    const content = new Uint8Array(await value.arrayBuffer());
    shop.uploads.set(id, { name: value.name, type: value.type, content });
    files.push({ field, id, name: value.name, type: value.type, bytes: content.byteLength, url: `/api/uploads/${id}` });
  }
  return json(201, { files });
}

/** frontend-ugc: served with the sender's own content type and from the shop's origin: an uploaded page is a page. */
function showFile(shop: Shop, call: Call): Reply {
  const upload = shop.uploads.get(call.params["id"] ?? "");
  if (upload === undefined) throw new StatusError(404, `No upload ${call.params["id"]}`);
  return { status: 200, headers: { "content-type": upload.type }, body: upload.content };
}

import { StatusError } from "../http/errors.ts";
import { type Call, json, type Reply, type Router } from "../http/router.ts";

/** Adds the picture proxy and what was meant to stay inside. */
export function addImageRoutes(router: Router): void {
  router.on("GET /api/image", proxyImage).on("GET /api/internal/status", showStatus);
}

/** api-input: fetches what the client names (SSRF). Only the loopback address, for the safety of who runs the lab. */
async function proxyImage(call: Call): Promise<Reply> {
  const url = new URL(call.query.get("url") ?? "");
  if (!["127.0.0.1", "localhost"].includes(url.hostname))
    throw new StatusError(400, `The lab stays at home: ${url.href}`);
  const response = await fetch(url, { headers: { "x-forwarded-for": "10.0.0.1" }, redirect: "error" });
  return {
    status: response.status,
    headers: { "content-type": response.headers.get("content-type") ?? "application/octet-stream" },
    body: new Uint8Array(await response.arrayBuffer()),
  };
}

/** api-access: "internal" is whoever writes a 10.x address into X-Forwarded-For. */
function showStatus(call: Call): Reply {
  const client = String(call.request.headers["x-forwarded-for"] ?? call.request.socket.remoteAddress);
  if (!client.startsWith("10.")) throw new StatusError(403, `${client} is not in 10.0.0.0/8`);
  return json(200, { database: "sqlite", memory: process.memoryUsage(), uptimeSeconds: Math.floor(process.uptime()) });
}

import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Call, html, type Reply } from "../http/router.ts";
import type { Asset } from "./bundle.ts";
import { storefrontFolder } from "./environment.ts";

const types: Record<string, string> = {
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/**
 * Serves the built assets and, after them, any file of the storefront's folder.
 *
 * secrets-env-files: the root of the web server is the root of the repository, so /.env and /ci/deploy.sh are pages too.
 */
export function serveFile(call: Call, assets: ReadonlyMap<string, Asset>): Reply {
  const path = call.params["rest"] ?? "";
  const asset = assets.get(path.replace(/^assets\//, ""));
  if (asset !== undefined) return { status: 200, headers: { "content-type": asset.type }, body: asset.body };
  const content = readStored(join("public", path)) ?? readStored(path);
  if (content === undefined) {
    // frontend-xss: the path goes into the page as it came, decoded.
    return html(404, `<!doctype html><title>Not found</title><h1>No page ${decodeURIComponent(call.path)}</h1>`);
  }
  return { status: 200, headers: { "content-type": types[extname(path)] ?? "text/plain" }, body: content };
}

function readStored(path: string): Uint8Array | undefined {
  try {
    // The router has resolved every "..", so that nothing outside of the storefront's folder can be read.
    return readFileSync(join(storefrontFolder, path));
  } catch {
    // Not a file: the caller looks elsewhere or answers 404.
    return undefined;
  }
}

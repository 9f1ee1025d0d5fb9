import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Exchange } from "../guards/contract/exchange.ts";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { acceptedCodings } from "../lib/accept-encoding.ts";
import { HeadgateError } from "../lib/error.ts";
import { HeaderList } from "../lib/header-list.ts";
import { OpenFiles } from "./open-files.ts";
import type { DirectoryUpstreamOptions } from "./options.ts";
import { answerWith, contentTypeOf, createCachePolicy, isCompressible } from "./static-directory-answer.ts";
import { createFolder, type OpenFile } from "./static-directory-file.ts";
import { candidatesFor, codedEndings, pathOf, toFileNames, uncoded } from "./static-directory-path.ts";
import type { SendOptions, Upstream } from "./upstream.ts";

type Coding = keyof typeof codedEndings;
const codings = Object.keys(codedEndings) as readonly Coding[];

/**
 * A folder of files as an upstream: a built site behind the same guards as every service.
 *
 * Files are opened anew for each request, so a deployment is seen at once; nothing outside of the folder, nothing hidden
 * and no listing is ever sent.
 * @throws HeadgateError `policy-invalid` when there is no such folder
 */
export function createStaticDirectory(name: string, options: DirectoryUpstreamOptions, policyFolder: string): Upstream {
  const root = resolve(policyFolder, options.directory);
  requireFolder(name, root);
  const folder = createFolder(root, { sourceMaps: options.sourceMaps, limit: new OpenFiles(options.openFiles) });
  const cacheControlOf = createCachePolicy(options);

  async function find(path: string, exchange: Exchange): Promise<OpenFile | GatewayResponse | undefined> {
    const names = toFileNames(path);
    if (!names || (await isTwin(names))) return undefined;
    const requested = pathOf(names);
    for (const candidate of candidatesFor(names, options)) {
      const file = await folder.open(candidate.names);
      if (!file) continue;
      if (candidate.path === requested) return file;
      await file.close();
      return redirect(candidate.path, exchange.upstreamRequest.query);
    }
    return undefined;
  }

  /** A compressed twin is no file of its own: `/admin.html.br` would be `/admin` without its guards. */
  async function isTwin(names: readonly string[]): Promise<boolean> {
    const twin = uncoded(names);
    const file = twin && (await folder.open(twin));
    await file?.close();
    return file !== undefined;
  }

  async function send(file: OpenFile, exchange: Exchange, { decode }: SendOptions, status = 200) {
    const { upstreamRequest } = exchange;
    exchange.onEnd(() => void file.close());
    const { names } = file;
    const contentType = contentTypeOf(names.at(-1) ?? "");
    const varies = options.precompressed && !decode && isCompressible(contentType);
    const accepted = varies ? acceptedCodings(upstreamRequest.headers.get("accept-encoding"), codings) : [];
    const representation = { contentType, varies, cacheControl: status === 200 ? cacheControlOf(names) : "no-cache" };
    const request = { method: exchange.upstreamRequest.method, fields: upstreamRequest.headers };
    for (const coding of accepted) {
      const twin = await folder.open([...names.slice(0, -1), `${names.at(-1)}${codedEndings[coding]}`]);
      if (!twin) continue;
      await file.close();
      exchange.onEnd(() => void twin.close());
      return answerWith({ ...representation, file: twin, coding }, request, status);
    }
    return answerWith({ ...representation, file, coding: undefined }, request, status);
  }

  return {
    name,
    circuit: "closed",
    async send(exchange, how) {
      const { method, path } = exchange.upstreamRequest;
      if (method !== "GET" && method !== "HEAD") return empty(405, ["allow", "GET, HEAD"]);
      const found = await find(path, exchange);
      if (found && "status" in found) return found;
      if (found) return send(found, exchange, how);
      const fallback =
        options.fallback !== undefined && asksForPage(exchange) && (await folder.open(options.fallback.split("/")));
      if (fallback) return send(fallback, exchange, how);
      const page = await folder.open(options.notFound.split("/"));
      return page ? send(page, exchange, how, 404) : notFound();
    },
    upgrade: async () => empty(404, []),
    close: async () => {},
  };
}

function requireFolder(name: string, root: string): void {
  const found = statSync(root, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  throw new HeadgateError(
    "policy-invalid",
    `upstreams.${name}.directory: ${root} ${found ? "is no folder" : "does not exist"}. Build the site first, or correct the path.`,
  );
}

/** A browser that goes somewhere, not a script that asks for a file which is not there. */
function asksForPage({ upstreamRequest: { path, headers } }: Exchange): boolean {
  return !path.slice(path.lastIndexOf("/")).includes(".") && /text\/html|\*\/\*/.test(headers.get("accept") ?? "*/*");
}

function redirect(path: string, query: string): GatewayResponse {
  return empty(308, ["location", query === "" ? path : `${path}?${query}`, "cache-control", "no-cache"]);
}

function notFound(): GatewayResponse {
  const headers = new HeaderList(["content-type", "text/plain; charset=utf-8", "cache-control", "no-cache"]);
  return { status: 404, headers, body: new TextEncoder().encode("Nothing is here.\n"), origin: "upstream" };
}

function empty(status: number, fields: string[]): GatewayResponse {
  return { status, headers: new HeaderList(fields), body: null, origin: "upstream" };
}

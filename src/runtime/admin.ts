import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { bind } from "../gateway/node/servers.ts";
import type { Metrics } from "../monitor/metrics.ts";
import type { Secret } from "../secrets/secret.ts";

export interface AdminOptions {
  readonly host: string;
  readonly port: number;
  readonly metrics: Metrics;
  /** Read anew for every call: a reload may bring another token. */
  token(): Secret;
  /** Whether calls can be served: keys known, circuits closed, not draining. */
  isReady(): boolean;
}

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Opens the admin port: `/healthz` and `/readyz` answer anyone with a word, everything else asks for the admin token, on
 * loopback too: a page in the operator's browser reaches loopback as well.
 * @throws HeadgateError `port-taken`
 */
export async function openAdmin(options: AdminOptions): Promise<AdminServer> {
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, out) => {
    answer(request, out, options).catch(() => out.destroy());
  });
  const port = await bind(server, options.port, options.host);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, out: ServerResponse, options: AdminOptions): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return send(out, 405, "method not allowed", { allow: "GET, HEAD" });
  if (request.url === "/healthz") return send(out, 200, "alive");
  if (request.url === "/readyz") return options.isReady() ? send(out, 200, "ready") : send(out, 503, "not ready");
  if (!isAuthorized(request, options.token())) {
    return send(out, 401, "the admin token is needed", { "www-authenticate": 'Bearer realm="headgate admin"' });
  }
  if (request.url !== "/metrics") return send(out, 404, "nothing is here");
  const { contentType, text } = await options.metrics.expose();
  send(out, 200, text, { "content-type": contentType });
}

function isAuthorized(request: IncomingMessage, token: Secret): boolean {
  const credential = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return credential !== undefined && token.equals(credential);
}

function send(out: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  out.writeHead(status, {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    ...headers,
  });
  out.end(text.endsWith("\n") ? text : `${text}\n`);
}

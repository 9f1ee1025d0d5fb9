import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { applyCors } from "./cors.ts";
import { toErrorReply } from "./errors.ts";
import type { Reply, Router } from "./router.ts";

/** A server of the lab that listens. */
export type Listening = { readonly url: string; readonly server: Server; stop(): Promise<void> };

/** Where a server listens; port 0 takes a free one. */
export type Address = { readonly host: string; readonly port: number };

/** Listens with plain HTTP and answers through a router. */
export function serveRouter(address: Address, banner: string, router: Router): Promise<Listening> {
  return listen(address, async (request, response) => {
    // frontend-headers: every answer tells what runs here, and none carries a security header.
    response.setHeader("server", banner);
    response.setHeader("x-powered-by", "Express 4.16.0");
    applyCors(request, response);
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const reply = await router.dispatch(request, response);
    if (reply !== undefined) send(response, reply);
  });
}

/** Listens with plain HTTP: api-tls, tokens and passwords cross every hop in clear text. */
export async function listen(
  address: Address,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<Listening> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, toErrorReply(error, request));
    });
  });
  // api-rate-limit: no time limits at all, so that a slow client holds its connection for ever.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(address.port, address.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://${address.host}:${port}`, server, stop: () => stop(server, sockets) };
}

function send(response: ServerResponse, reply: Reply): void {
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.byteLength }).end(body);
}

async function stop(server: Server, sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
  });
  // Sockets that were upgraded are no longer the HTTP server's, so it would wait for them for ever.
  for (const socket of sockets) socket.destroy();
  await closed;
}

import { type IncomingMessage, request as sendRequest, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { toErrorReply } from "../http/errors.ts";

/**
 * Passes a request on as it is and streams the answer back, like the rewrites of a frontend framework.
 *
 * api-access: nothing is checked, removed or normalised: method, path, identity headers and forwarding headers of the
 * client all reach the upstream.
 */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  upstream: string,
  extraHeaders: Record<string, string> = {},
): void {
  const outgoing = sendRequest(upstream, {
    path: request.url,
    method: request.method,
    headers: { ...extraHeaders, ...request.headers },
  });
  outgoing.on("response", (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.headers);
    incoming.pipe(response);
    incoming.on("error", () => response.destroy());
  });
  outgoing.on("error", (error) => {
    if (response.headersSent) return void response.destroy();
    // api-error-leak: the address of the upstream is in the message and in the stack.
    const reply = toErrorReply(Object.assign(error, { upstream }), request);
    response.writeHead(502, reply.headers).end(reply.body);
  });
  response.once("close", () => outgoing.destroy());
  request.pipe(outgoing);
}

/** Passes an upgrade on, whoever asks. */
export function forwardUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, upstream: string): void {
  const { url, method, headers } = request;
  const outgoing = sendRequest(upstream, { path: url, method, headers });
  socket.on("error", () => outgoing.destroy());
  outgoing.on("error", () => socket.destroy());
  outgoing.on("response", (incoming) => {
    socket.end(
      `HTTP/1.1 ${incoming.statusCode} ${incoming.statusMessage}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    incoming.destroy();
  });
  outgoing.on("upgrade", (answer, upstreamSocket, upstreamHead) => {
    const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
    for (const [name, value] of Object.entries(answer.headers)) lines.push(`${name}: ${String(value)}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    if (upstreamHead.byteLength > 0) socket.write(upstreamHead);
    if (head.byteLength > 0) upstreamSocket.write(head);
    upstreamSocket.on("error", () => socket.destroy()).on("close", () => socket.destroy());
    socket.on("close", () => upstreamSocket.destroy());
    upstreamSocket.pipe(socket).pipe(upstreamSocket);
  });
  outgoing.end();
}

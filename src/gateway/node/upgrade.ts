import { type IncomingMessage, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { HeaderList } from "../../lib/header-list.ts";
import { toFailure } from "../answer.ts";
import type { GatewayExchange } from "../exchange.ts";
import { settle } from "../steps.ts";
import { joinMessages } from "./judged-messages.ts";
import type { MessageSockets } from "./message-sockets.ts";
import { writeResponse, type WriteOptions } from "./response.ts";

/**
 * Joins a client that asked for a WebSocket with the route's upstream, after the guards have let the handshake pass.
 * From then on the gateway only carries bytes, in both directions and no faster than the slower end reads; where a guard
 * of the route judges messages, it carries those instead.
 */
export async function joinUpgrade(
  exchange: GatewayExchange,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  options: WriteOptions & { readonly sockets: MessageSockets },
): Promise<void> {
  const { upstream, messages: judge } = exchange.plan;
  if (exchange.decision || !upstream) return answerPlainly(exchange, request, socket, options);
  if (judge) {
    const refusal = joinMessages(exchange, request, socket, head, { judge, sockets: options.sockets });
    if (!refusal) return;
    settle(exchange, "messages", refusal);
    return answerPlainly(exchange, request, socket, options);
  }
  try {
    const upgraded = await upstream.upgrade(exchange);
    if (!("socket" in upgraded)) {
      exchange.response = upgraded;
      return await answerPlainly(exchange, request, socket, options);
    }
    if (socket.destroyed) {
      upgraded.socket.destroy();
      return;
    }
    exchange.response = { status: 101, headers: upgraded.headers, body: null, origin: "upstream" };
    socket.write(formatHandshake(upgraded.headers, exchange.id));
    if (head.length > 0) upgraded.socket.write(head);
    joinStreams(socket, upgraded.socket, () => exchange.end());
  } catch (error) {
    settle(exchange, "upstream", toFailure(error));
    await answerPlainly(exchange, request, socket, options);
  }
}

/** A refused handshake is answered like any request: the client gets a problem that it can read. */
async function answerPlainly(
  exchange: GatewayExchange,
  request: IncomingMessage,
  socket: Duplex,
  options: WriteOptions,
): Promise<void> {
  const out = new ServerResponse(request);
  out.assignSocket(socket as never);
  out.once("finish", () => {
    exchange.end();
    socket.end();
  });
  await writeResponse(exchange, out, { ...options, close: true });
}

function formatHandshake(headers: HeaderList, requestId: string): string {
  const lines = [
    `HTTP/1.1 101 ${STATUS_CODES[101]}`,
    "connection: Upgrade",
    "upgrade: websocket",
    `x-request-id: ${requestId}`,
  ];
  for (let at = 0; at < headers.flat.length; at += 2) {
    const name = headers.flat[at] ?? "";
    if (name.startsWith("sec-websocket-")) lines.push(`${name}: ${headers.flat[at + 1]}`);
  }
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function joinStreams(client: Duplex, upstream: Duplex, ended: () => void): void {
  client.pipe(upstream);
  upstream.pipe(client);
  const drop = () => {
    client.destroy();
    upstream.destroy();
    ended();
  };
  for (const stream of [client, upstream]) {
    stream.once("error", drop);
    stream.once("close", drop);
  }
}

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { deny, type Denial } from "../../guards/contract/verdict.ts";
import type { Conversation, MessageJudge, Wire } from "../../guards/contract/messages.ts";
import { HeadgateError } from "../../lib/error.ts";
import { HeaderList, hasToken } from "../../lib/header-list.ts";
import type { Dial } from "../../upstream/upstream.ts";
import type { GatewayExchange } from "../exchange.ts";
import type { MessageSockets } from "./message-sockets.ts";

/** What one side may have to catch up with before the other side has to wait. */
const highWaterBytes = 256 * 1024;
const tickMs = 1000;

/**
 * Takes a handshake whose guards let it pass, and from then on carries messages that are judged one by one. The client
 * speaks with the gateway and the gateway with the service: no byte goes from one end to the other unread.
 * @returns the refusal of a handshake that cannot be taken, or undefined when the connection is open
 */
export function joinMessages(
  exchange: GatewayExchange,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  { judge, sockets }: { readonly judge: MessageJudge; readonly sockets: MessageSockets },
): Denial | undefined {
  const offered = exchange.header("sec-websocket-protocol");
  if (offered === undefined || !hasToken(offered, judge.subprotocol))
    return deny("upgrade-refused", `the handshake does not offer ${judge.subprotocol}`);
  const left = sockets.admit(exchange.client.key, judge.connectionsPerClient);
  if (!left) return deny("too-many-in-flight", `the client has ${judge.connectionsPerClient} connections`);
  socket.once("close", left);
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: judge.maxMessageBytes,
    // A message of a few bytes that inflates to many would be judged after it was inflated.
    perMessageDeflate: false,
    handleProtocols: () => judge.subprotocol,
  });
  server.on("headers", (headers) => headers.push(`x-request-id: ${exchange.id}`));
  server.on("wsClientError", (_, broken) => broken.destroy());
  exchange.response = { status: 101, headers: new HeaderList(), body: null, origin: "gateway" };
  server.handleUpgrade(request, socket, head, (client) => {
    sockets.opened(client);
    converse(exchange, client, judge);
  });
  return undefined;
}

function converse(exchange: GatewayExchange, client: WebSocket, judge: MessageJudge): void {
  let upstream: WebSocket | undefined;
  const wire: Wire = {
    toClient: (text) => sendWithin(client, text, upstream),
    toUpstream: (text) => upstream && sendWithin(upstream, text, client),
    async connect() {
      const dial = exchange.plan.upstream?.dial?.(exchange);
      if (!dial) throw new HeadgateError("upstream-unreachable", "the upstream speaks no WebSocket");
      upstream = await open(dial, judge);
      if (client.readyState !== client.OPEN) return upstream.terminate();
      listenTo(upstream, (text) => conversation.fromUpstream(text), fail);
      upstream.once("close", (code) => wire.close(...whenLost(code)));
    },
    close(code, reason) {
      client.close(code, reason);
      upstream?.close();
    },
  };
  const conversation: Conversation = judge.open(exchange, wire);
  const fail = () => wire.close(4500, "Internal server error");
  listenTo(client, (text) => conversation.fromClient(text), fail);
  const ticking = setInterval(() => conversation.tick(), tickMs);
  client.once("close", () => {
    clearInterval(ticking);
    conversation.end();
    upstream?.terminate();
    exchange.end();
  });
}

/** What the client is told when the service ends the connection: whom it refuses, it may say; else to try again. */
function whenLost(code: number): [code: number, reason: string] {
  if (code === 4401) return [code, "Unauthorized"];
  return code === 4403 ? [code, "Forbidden"] : [1014, "Bad gateway"];
}

/** Opens the connection to the service, which has to speak the same subprotocol. */
function open({ url, headers, timeoutMs, settled }: Dial, judge: MessageJudge): Promise<WebSocket> {
  const fields: Record<string, string[]> = {};
  for (let at = 0; at < headers.length; at += 2) (fields[headers[at] ?? ""] ??= []).push(headers[at + 1] ?? "");
  const socket = new WebSocket(url, judge.subprotocol, {
    headers: fields,
    handshakeTimeout: timeoutMs,
    maxPayload: judge.maxEventBytes,
    perMessageDeflate: false,
    followRedirects: false,
  });
  return new Promise((resolve, reject) => {
    socket.once("open", () => {
      settled(true);
      resolve(socket);
    });
    socket.once("error", (cause) => {
      settled(false);
      reject(new HeadgateError("upstream-unreachable", `no connection to ${url}: ${cause.message}`, { cause }));
    });
  });
}

/** Hands messages over in order, one when the last is done with; whatever comes meanwhile waits in the other's network. */
function listenTo(socket: WebSocket, take: (text: string) => void | Promise<void>, fail: () => void): void {
  let tail: Promise<void> | undefined;
  // The library itself answers a broken frame or one that is too large, and closes; without a listener it would throw.
  socket.on("error", () => undefined);
  socket.on("message", (data: RawData, isBinary: boolean) => {
    if (isBinary) return fail();
    const text = data.toString();
    const taking = tail ? tail.then(() => attempt(take, text, fail)) : attempt(take, text, fail);
    if (!taking) return;
    tail = taking;
    hold(socket);
    void taking.then(() => {
      if (tail === taking) tail = undefined;
      release(socket);
    });
  });
}

function attempt(
  take: (text: string) => void | Promise<void>,
  text: string,
  fail: () => void,
): Promise<void> | undefined {
  try {
    return take(text)?.catch(fail) ?? undefined;
  } catch {
    fail();
    return undefined;
  }
}

/** Sends, and has the other side wait where this one does not keep up: what is on its way is memory of the gateway's. */
function sendWithin(to: WebSocket, text: string, from: WebSocket | undefined): void {
  if (to.readyState !== to.OPEN) return;
  if (!from || to.bufferedAmount <= highWaterBytes) return to.send(text);
  hold(from);
  to.send(text, () => release(from));
}

/** For how many reasons a connection is not read at the moment. */
const holds = new WeakMap<WebSocket, number>();

function hold(socket: WebSocket): void {
  const count = holds.get(socket) ?? 0;
  holds.set(socket, count + 1);
  if (count === 0 && socket.readyState === socket.OPEN) socket.pause();
}

function release(socket: WebSocket): void {
  const count = (holds.get(socket) ?? 1) - 1;
  holds.set(socket, count);
  if (count === 0) socket.resume();
}

import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { Client } from "../../guards/contract/exchange.ts";
import type { Denial } from "../../guards/contract/verdict.ts";
import { deny } from "../../guards/contract/verdict.ts";
import { clientAddress, isTrusted } from "../../lib/client-address.ts";
import { HeaderList } from "../../lib/header-list.ts";
import { limitKey } from "../../lib/ip.ts";
import type { Incoming } from "../incoming.ts";
import { NodeBody } from "./body.ts";
import type { TransportOptions } from "./options.ts";
import type { StallWatch } from "./stall-watch.ts";

/** A request of either protocol version, as Node hands it out. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

/** What the connection says of the request beside the request itself. */
export interface Arrival {
  readonly encrypted: boolean;
  readonly upgrade: string | undefined;
  /** Whether the `Expect` header asks for something else than 100-continue. */
  readonly unknownExpectation: boolean;
  sendContinue(): void;
}

/** Fields of which two would make two readings (RFC 9110 section 5.3; request smuggling). */
const singletons = new Set([
  "authorization",
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "origin",
  "transfer-encoding",
  "upgrade",
]);
const bodilessMethods = new Set(["GET", "HEAD", "OPTIONS", "DELETE", "TRACE"]);

/** Puts a request of Node's into the gateway's own form and notes what makes it unacceptable as it stands. */
export function toIncoming(
  request: NodeRequest,
  arrival: Arrival,
  options: TransportOptions,
  watch: StallWatch,
): Incoming {
  const headers = takeHeaders(request.rawHeaders);
  const socketAddress = request.socket.remoteAddress ?? "";
  const proxied = options.trustedProxies.length > 0 && isTrusted(socketAddress, options.trustedProxies);
  const target = request.url ?? "";
  return {
    method: request.method ?? "",
    target,
    headers,
    body: new NodeBody(
      { stream: request, headers, present: announcesBody(request, headers), sendContinue: arrival.sendContinue },
      options.limits,
      watch,
    ),
    client: proxied ? clientBehind(socketAddress, headers, options) : directClient(request.socket, socketAddress),
    secure: arrival.encrypted || (proxied && headers.get("x-forwarded-proto")?.trim().toLowerCase() === "https"),
    upgrade: arrival.upgrade,
    refusal: judge(headers, request, arrival, options),
  };
}

function takeHeaders(raw: readonly string[]): HeaderList {
  const flat: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = lowerCase(raw[at] ?? "");
    const value = raw[at + 1] ?? "";
    if (name === ":authority") flat.push("host", value);
    else if (!name.startsWith(":")) flat.push(name, value);
  }
  return new HeaderList(flat);
}

/** Most clients spell most names in one of a few ways; remembering those is cheaper than folding them each time. */
const foldedNames = new Map<string, string>();
const maxFoldedNames = 512;

function lowerCase(name: string): string {
  const known = foldedNames.get(name);
  if (known !== undefined) return known;
  const folded = name.toLowerCase();
  if (foldedNames.size < maxFoldedNames) foldedNames.set(name, folded);
  return folded;
}

function announcesBody(request: NodeRequest, headers: HeaderList): boolean {
  if ("stream" in request) return !request.stream.endAfterHeaders;
  if (headers.has("transfer-encoding")) return true;
  const length = headers.get("content-length");
  return length !== undefined && length !== "0";
}

/** Clients per connection: their address does not change while it stands. */
const directClients = new WeakMap<object, Client>();

function directClient(socket: object, socketAddress: string): Client {
  let client = directClients.get(socket);
  if (!client) directClients.set(socket, (client = clientAt(socketAddress, new HeaderList(), [])));
  return client;
}

function clientBehind(socketAddress: string, headers: HeaderList, options: TransportOptions): Client {
  return clientAt(socketAddress, headers, options.trustedProxies);
}

function clientAt(socketAddress: string, headers: HeaderList, trusted: TransportOptions["trustedProxies"]): Client {
  const forwardedFor = headers.getAll("x-forwarded-for").join(",");
  const address = clientAddress({ socketAddress, forwardedFor, trusted });
  return { address, key: limitKey(address) };
}

function judge(
  headers: HeaderList,
  request: NodeRequest,
  arrival: Arrival,
  options: TransportOptions,
): Denial | undefined {
  const { flat } = headers;
  const { limits } = options;
  if (flat.length / 2 > limits.maxHeaders)
    return deny("headers-too-large", `the request has ${flat.length / 2} header fields`);
  if ((request.url?.length ?? 0) > limits.maxTargetBytes) return deny("uri-too-long", "the request target is too long");
  for (let at = 0; at < flat.length; at += 2) {
    const name = flat[at] ?? "";
    if (!singletons.has(name)) continue;
    if (standsAgain(flat, name, at + 2)) return deny("ambiguous-request", `the field ${name} stands more than once`);
  }
  if (arrival.unknownExpectation) return deny("expectation-failed", "the request expects something that is not known");
  return judgeFraming(headers, request);
}

function standsAgain(flat: readonly string[], name: string, from: number): boolean {
  for (let at = from; at < flat.length; at += 2) if (flat[at] === name) return true;
  return false;
}

function judgeFraming(headers: HeaderList, request: NodeRequest): Denial | undefined {
  const coding = headers.get("transfer-encoding");
  if (coding === undefined) return undefined;
  if (headers.has("content-length")) return deny("ambiguous-request", "the body is framed by length and by chunks");
  if (coding.trim().toLowerCase() !== "chunked") return deny("ambiguous-request", "the transfer coding is not chunked");
  // A chunked body on a method that has none is read by some servers and taken for the next request by others.
  if (bodilessMethods.has(request.method ?? ""))
    return deny("ambiguous-request", "the method has no body to be chunked");
  return undefined;
}

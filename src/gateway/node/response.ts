import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { GatewayResponse } from "../../lib/gateway-response.ts";
import type { GatewayExchange } from "../exchange.ts";
import type { Stallable, StallWatch } from "./stall-watch.ts";

/** A response of either protocol version, as Node hands it out. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** How an answer leaves. */
export interface WriteOptions {
  readonly watch: StallWatch;
  /** Milliseconds that a reader may take for nothing at all. */
  readonly idleTimeout: number;
  /** Close the connection afterwards: the process drains, or the rest of the request was not read. */
  readonly close: boolean;
}

/** Statuses that never have a body (RFC 9110 section 6.4.1). */
const bodiless = new Set([204, 205, 304]);

/** Writes the exchange's answer out: in one piece where it is one, else as a stream as fast as the client reads. */
export function writeResponse(
  exchange: GatewayExchange,
  out: NodeResponse,
  options: WriteOptions,
): void | Promise<void> {
  const { response } = exchange;
  const { headers, body } = response;
  // HTTP/2 has no such field; there the stream's end says it.
  if (options.close && !("stream" in out)) headers.set("connection", "close");
  const headOnly = exchange.method === "HEAD" || bodiless.has(response.status);
  if (body === null || body instanceof Uint8Array) {
    if (!headOnly) headers.set("content-length", String(body?.length ?? 0));
    else if (body !== null && exchange.method === "HEAD") headers.set("content-length", String(body.length));
    writeHead(out, response);
    if (headOnly || body === null) out.end();
    else end(out, body);
    return;
  }
  writeHead(out, response);
  if (headOnly) {
    out.end();
    return body[Symbol.asyncIterator]()
      .return?.()
      .then(() => undefined);
  }
  return pump(body, out, options);
}

/** Up to this size a body is joined with its headers into one write. */
const joinedBytes = 16 * 1024;

/**
 * Node joins headers and body in one system call only where the body is text. Latin-1 is bytes under another name, so a
 * small body goes out as such: this saves a quarter of what a small answer costs.
 */
function end(out: NodeResponse, body: Uint8Array): void {
  if (body.length > joinedBytes || "stream" in out) out.end(body);
  else out.end(asBuffer(body).toString("latin1"), "latin1");
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function writeHead(out: NodeResponse, { status, headers }: GatewayResponse): void {
  // Both versions take the flat list at run time; the types of HTTP/2 know only the record.
  (out as ServerResponse).writeHead(status, headers.flat);
}

/**
 * Passes a stream on with back-pressure. A source that fails midway ends the connection without a proper end, so that
 * no client takes half an answer for a whole one.
 */
async function pump(body: AsyncIterable<Uint8Array>, out: NodeResponse, options: WriteOptions): Promise<void> {
  const reader = new SlowReader(out, options.idleTimeout);
  try {
    for await (const chunk of body) {
      if (out.destroyed) return;
      if (write(out, chunk)) continue;
      options.watch.add(reader);
      await reader.drained();
      options.watch.delete(reader);
    }
    out.end();
  } catch {
    out.destroy();
  } finally {
    options.watch.delete(reader);
  }
}

function write(out: NodeResponse, chunk: Uint8Array): boolean {
  return (out as ServerResponse).write(chunk);
}

/** Waits for a client to read on, but not for ever: a reader that takes nothing holds an upstream connection. */
class SlowReader implements Stallable {
  readonly #out: NodeResponse;
  readonly #idleTimeout: number;
  #waitedMs = 0;

  constructor(out: NodeResponse, idleTimeout: number) {
    this.#out = out;
    this.#idleTimeout = idleTimeout;
  }

  tick(tickMs: number): void {
    this.#waitedMs += tickMs;
    if (this.#waitedMs >= this.#idleTimeout) this.#out.destroy();
  }

  drained(): Promise<void> {
    this.#waitedMs = 0;
    const out = this.#out as ServerResponse;
    return new Promise((resolve) => {
      const done = () => {
        out.off("drain", done);
        out.off("close", done);
        resolve();
      };
      out.once("drain", done);
      out.once("close", done);
    });
  }
}

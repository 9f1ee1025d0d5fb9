import { HeadgateError } from "../../lib/error.ts";
import { deny, type Denial } from "../contract/verdict.ts";
import type { Exchange } from "../contract/exchange.ts";

/**
 * The whole request body, content coding removed, or why it is not taken. What was read is what is sent, unless whoever
 * judges it puts something else in its place: a client's stream can be read but once.
 * @throws HeadgateError as the body's own `read`, but for a content coding that nobody knows
 */
export async function readBody(exchange: Exchange): Promise<Uint8Array | Denial> {
  let bytes: Uint8Array;
  try {
    bytes = await exchange.body.read();
  } catch (error) {
    // A content coding that nobody knows is a type that is not taken; every other failure has its own problem.
    if (!(error instanceof HeadgateError) || error.code !== "body-undecodable") throw error;
    return deny("unsupported-media-type", error.message);
  }
  writeBody(exchange, bytes);
  return bytes;
}

/** Puts these bytes in the place of the client's body. */
export function writeBody({ upstreamRequest }: Exchange, bytes: Uint8Array): void {
  upstreamRequest.body = bytes;
  upstreamRequest.headers.set("content-length", String(bytes.length));
  upstreamRequest.headers.delete("content-encoding");
}

import { Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import type { GatewayResponse } from "../guards/guard.ts";
import { HeadgateError } from "../lib/error.ts";

const decoders = { gzip: createGunzip, "x-gzip": createGunzip, deflate: createInflate, br: createBrotliDecompress } as const;

/**
 * Takes the content coding off an answer that guards are going to read. They ask for none; an upstream that compresses
 * all the same must not thereby escape its judges.
 * @throws HeadgateError `upstream-unreachable` for a coding that cannot be removed
 */
export function decodeResponse(response: GatewayResponse): GatewayResponse {
  const coding = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (coding === undefined || coding === "identity" || response.body === null) return response;
  if (!Object.hasOwn(decoders, coding)) {
    throw new HeadgateError("upstream-unreachable", `the answer has the content coding "${coding}", which nobody asked for`);
  }
  const decoder = decoders[coding as keyof typeof decoders]();
  const source = response.body instanceof Uint8Array ? Readable.from([response.body]) : Readable.from(response.body);
  source.once("error", (error) => decoder.destroy(error));
  decoder.once("close", () => source.destroy());
  response.body = source.pipe(decoder);
  response.headers.delete("content-encoding");
  response.headers.delete("content-length");
  return response;
}

import { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliDecompress, createBrotliDecompress, createGunzip, createInflate, gunzip, inflate } from "node:zlib";
import type { GatewayResponse } from "../lib/gateway-response.ts";
import { HeadgateError } from "../lib/error.ts";

const codings = {
  gzip: { whole: promisify(gunzip), stream: createGunzip },
  "x-gzip": { whole: promisify(gunzip), stream: createGunzip },
  deflate: { whole: promisify(inflate), stream: createInflate },
  br: { whole: promisify(brotliDecompress), stream: createBrotliDecompress },
} as const;

/** No coding at all. `none` is no registered name, but servers of streams send it to keep others from compressing. */
const unpacked = new Set(["identity", "none"]);

/** What a whole answer may unfold to before guards read it; a larger one has to come as a stream. */
const maxWholeBytes = 16 * 1024 * 1024;

/**
 * Takes the content coding off an answer that guards are going to read. They ask for none; an upstream that compresses
 * all the same must not thereby escape its judges.
 * @throws HeadgateError `upstream-unreachable` for a coding that cannot be removed
 */
export async function decodeResponse(response: GatewayResponse): Promise<GatewayResponse> {
  const name = response.headers.get("content-encoding")?.trim().toLowerCase();
  if (name === undefined || response.body === null) return response;
  if (unpacked.has(name)) {
    response.headers.delete("content-encoding");
    return response;
  }
  const coding = Object.hasOwn(codings, name) ? codings[name as keyof typeof codings] : undefined;
  if (!coding) throw undecodable(`the answer has the content coding "${name}", which nobody asked for`);
  if (response.body instanceof Uint8Array) {
    try {
      response.body = await coding.whole(response.body, { maxOutputLength: maxWholeBytes });
    } catch (cause) {
      throw undecodable("the answer is not in the content coding that it announces, or unfolds to too much", cause);
    }
  } else {
    const source = Readable.from(response.body);
    const decoder = coding.stream();
    source.once("error", (error) => decoder.destroy(error));
    decoder.once("close", () => source.destroy());
    response.body = source.pipe(decoder);
  }
  response.headers.delete("content-encoding");
  response.headers.delete("content-length");
  return response;
}

function undecodable(message: string, cause?: unknown): HeadgateError {
  return new HeadgateError("upstream-unreachable", message, { cause });
}

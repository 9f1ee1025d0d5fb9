import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { ByteDecoder } from "../lib/byte-decoder.ts";
import { HeadgateError } from "../lib/error.ts";

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip(),
  "x-gzip": () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
  zstd: () => createZstdDecompress(),
};

/** A decoder for a content coding; what it decodes is shown as it comes and held nowhere. */
export function createBodyDecoder(coding: string): ByteDecoder | undefined {
  const name = coding.trim().toLowerCase();
  const stream = Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
  if (!stream) return undefined;
  let failure: Error | undefined;
  let failed: ((error: Error) => void) | undefined;
  stream.on("error", (cause) => {
    failure = new HeadgateError("upstream-unreachable", "the answer is not in the coding that it announces", { cause });
    failed?.(failure);
  });
  let listener: ((part: Uint8Array) => void) | undefined;
  stream.on("data", (part: Uint8Array) => listener?.(part));

  function run(act: (done: () => void) => void, show: (part: Uint8Array) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      failed = reject;
      listener = (part) => {
        try {
          show(part);
        } catch (error) {
          reject(error);
        }
      };
      act(resolve);
    });
  }

  return {
    // The callback of a write comes when all that these bytes decode to was handed out.
    decode: (bytes, show) => run((done) => stream.write(bytes, () => done()), show),
    finish: (show) =>
      run((done) => {
        stream.once("end", done);
        stream.end();
      }, show),
    close: () => void stream.destroy(),
  };
}

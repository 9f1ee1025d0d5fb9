import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { HeadgateError } from "../../lib/error.ts";

const decoders: Readonly<
  Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>>
> = {
  gzip: promisify(gunzip),
  "x-gzip": promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/** Small bodies compress well by nature; the ratio is judged from here on. */
const ratioFreeBytes = 64 * 1024;

/**
 * Takes one content coding off a request body, within a size and a ratio: a few kilobytes that unfold to gigabytes are
 * stopped while they unfold.
 * @throws HeadgateError `body-too-large`, `body-undecodable`
 */
export async function decodeBody(
  bytes: Uint8Array,
  coding: string | undefined,
  limits: { readonly maxBytes: number; readonly maxRatio: number },
): Promise<Uint8Array> {
  const name = coding?.trim().toLowerCase() ?? "identity";
  if (name === "identity" || name === "") return bytes;
  const decode = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (!decode)
    throw new HeadgateError("body-undecodable", "the content coding of the body is not known, or there are several");
  const maxOutputLength = Math.min(limits.maxBytes, Math.max(ratioFreeBytes, bytes.length * limits.maxRatio));
  try {
    return await decode(bytes, { maxOutputLength });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE") {
      throw new HeadgateError("body-too-large", `the body unfolds to more than ${maxOutputLength} bytes`, { cause });
    }
    throw new HeadgateError("body-undecodable", "the body is not in the content coding that it announces", { cause });
  }
}

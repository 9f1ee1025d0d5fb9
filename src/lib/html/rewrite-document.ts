import type { ByteDecoder } from "../byte-decoder.ts";
import { joinBytes, transformBytes } from "../byte-stream.ts";
import type { Body } from "../gateway-response.ts";
import { createHtmlRewriter, type ElementRule } from "./rewriter.ts";

/**
 * A page's body, edited on its way: what was read is sent on at once. With a decoder, what comes out is not coded any more.
 * @throws HeadgateError `upstream-unreachable` for bytes that are not in the coding they should be in
 */
export function rewriteDocument(
  body: Exclude<Body, null>,
  rules: readonly ElementRule[],
  decoder: ByteDecoder | undefined,
): Uint8Array | AsyncIterable<Uint8Array> | Promise<Uint8Array> {
  const rewriter = createHtmlRewriter(rules);
  if (decoder === undefined) {
    if (body instanceof Uint8Array) return joinBytes([...rewriter.push(body), ...rewriter.end()]);
    return transformBytes(body, (part) => joinBytes(part ? rewriter.push(part) : rewriter.end()));
  }

  async function decode(part: Uint8Array | undefined): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    const take = (plain: Uint8Array) => pieces.push(...rewriter.push(plain));
    if (part) await decoder?.decode(part, take);
    else {
      await decoder?.finish(take);
      decoder?.close();
      pieces.push(...rewriter.end());
    }
    return joinBytes(pieces);
  }

  if (body instanceof Uint8Array)
    return decode(body).then(async (begin) => joinBytes([begin, await decode(undefined)]));
  return transformBytes(body, decode, () => decoder.close());
}

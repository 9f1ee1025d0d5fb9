import type { GatewayResponse } from "./gateway-response.ts";
import { parseMediaType } from "./media-type.ts";

/** Whether an answer is text that can be looked through, and under which content coding. */
export type JudgedText =
  | { readonly kind: "text"; readonly coding: string | undefined }
  | { readonly kind: "media" }
  | { readonly kind: "unreadable"; readonly reason: string };

/** Pictures, sounds, archives: what no person and no script reads as text. SVG is a document. */
const media =
  /^(?:image\/(?!svg)|audio\/|video\/|font\/|application\/(?:octet-stream|pdf|wasm|zip|gzip|x-gzip|x-tar|x-bzip2?|x-7z-compressed|zstd|msgpack|cbor|x-protobuf|protobuf|vnd\.openxmlformats-.*|vnd\.ms-.*|epub\+zip)$)/;
/** Encodings that write ASCII as ASCII does; in UTF-16, UTF-7 or EBCDIC nothing would be found. */
const asciiLike =
  /^(?:utf-?8|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?1|windows-125\d|shift_jis|euc-(?:jp|kr)|gb2312|gbk|gb18030|big5|koi8-[ru])$/i;

const text: JudgedText = { kind: "text", coding: undefined };
const isMedia: JudgedText = { kind: "media" };
const foreignCharset: JudgedText = { kind: "unreadable", reason: "the answer is text in an encoding that is not read" };
const partOfText: JudgedText = {
  kind: "unreadable",
  reason: "the answer is part of a text, of which the rest is not seen",
};

/** Upstreams spell their content types in a few ways; each is judged once. */
const known = new Map<string, JudgedText>();
const maxKnown = 256;

/** Judges an answer by its status and headers; a type that is not known to be media counts as text. */
export function judgeText({ status, headers }: GatewayResponse): JudgedText {
  const contentType = headers.get("content-type") ?? "";
  let judged = known.get(contentType);
  if (!judged) {
    judged = judgeType(contentType);
    if (known.size < maxKnown) known.set(contentType, judged);
  }
  if (judged.kind !== "text") return judged;
  if (status === 206) return partOfText;
  const coding = headers.get("content-encoding")?.trim().toLowerCase();
  return coding === undefined || coding === "" || coding === "identity" ? text : { kind: "text", coding };
}

function judgeType(contentType: string): JudgedText {
  const type = parseMediaType(contentType);
  if (type && media.test(type.essence)) return isMedia;
  if (type?.essence === "multipart/byteranges") return partOfText;
  const charset = type ? type.parameters.get("charset") : /charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1];
  return charset === undefined || asciiLike.test(charset) ? text : foreignCharset;
}

const partEndings =
  /\.(?:mp4|m4v|m4a|m4s|mov|webm|mkv|avi|mpe?g|mp3|ogg|oga|ogv|opus|wav|flac|aac|pdf|zip|gz|tgz|br|zst|7z|tar|iso|dmg|exe|msi|apk|deb|rpm|bin|wasm|avif|gif|jpe?g|png|webp|woff2?|ttf|otf)$/i;

/**
 * Whether parts of what a path names may be asked for: of media by its ending, and of data without one. Text is asked for
 * as a whole, which a range always allows the server to answer with (RFC 9110 section 14.2).
 */
export function mayBePart(path: string, page: boolean): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.includes(".") ? partEndings.test(name) : !page;
}

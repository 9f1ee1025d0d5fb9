import { type MediaType, parseMediaType } from "./media-type.ts";
import { isToken, parseParameters } from "./parameters.ts";

/** What the header fields of a part say. */
export interface PartHeader {
  readonly name: string;
  /** Present on files, where it may be empty: a file input in which nothing was chosen. */
  readonly fileName: string | undefined;
  readonly mediaType: MediaType | undefined;
  /** The Content-Type as it stood there. */
  readonly contentType: string | undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads the header fields of one part of multipart/form-data (RFC 7578 section 4), or says what is wrong with them.
 * Fields of other names are ignored, as section 4.8 demands, and not passed on.
 */
export function parsePartHeader(bytes: Uint8Array): PartHeader | string {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return "part headers that are not UTF-8";
  }
  const fields = new Map<string, string>();
  for (const line of text === "" ? [] : text.split("\r\n")) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    // Folded lines, bare line ends and blanks before the colon are read in several ways.
    if (colon < 0 || !isToken(name) || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(line))
      return "a malformed part header";
    if (fields.has(name)) return "a part header given twice";
    fields.set(name, line.slice(colon + 1).trim());
  }
  const encoding = fields.get("content-transfer-encoding") ?? "binary";
  if (!/^(?:binary|8bit|7bit)$/i.test(encoding)) return "a content transfer encoding";

  const disposition = parseDisposition(fields.get("content-disposition"));
  if (typeof disposition === "string") return disposition;
  const contentType = fields.get("content-type");
  const mediaType = contentType === undefined ? undefined : parseMediaType(contentType);
  if (contentType !== undefined && !mediaType) return "a malformed content type of a part";
  // Whoever unpacks the inner parts sees what nobody judged.
  if (mediaType && /^(?:multipart|message)\//.test(mediaType.essence)) return "a nested multipart";
  return { ...disposition, mediaType, contentType };
}

function parseDisposition(field: string | undefined): Pick<PartHeader, "name" | "fileName"> | string {
  const type = /^form-data(?=[ \t]*;)/i.exec(field ?? "")?.[0];
  if (field === undefined || type === undefined) return "a part without a form-data disposition";
  // Browsers write a quotation mark as %22, others as \", and Windows paths have backslashes: no two parsers agree.
  if (field.includes("\\")) return "a backslash in a disposition";
  const parameters = parseParameters(field, type.length);
  if (!parameters) return "a malformed disposition";
  for (const parameter of parameters.keys()) {
    // RFC 7578 section 4.2 forbids filename*; whoever reads it all the same would see another name than was judged.
    if (parameter !== "name" && parameter !== "filename") return "a disposition with an unknown parameter";
  }
  const name = parameters.get("name");
  if (name === undefined || name === "") return "a part without a name";
  const fileName = parameters.get("filename");
  const fault = judgeFileName(fileName ?? "");
  return fault ?? { name, fileName };
}

function judgeFileName(fileName: string): string | undefined {
  if (fileName.includes("/") || fileName === "." || fileName === "..") return "a path in a file name";
  // Bidirectional overrides make "gpj.exe" read as "exe.jpg".
  if (/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(fileName))
    return "a control character in a file name";
  return undefined;
}

interface Signature {
  readonly mediaType: string;
  /** One character for each byte; `?` stands for any. */
  readonly begins: string;
}

/** First match wins. @see https://mimesniff.spec.whatwg.org/#matching-a-mime-type-pattern */
const signatures: readonly Signature[] = [
  { mediaType: "image/png", begins: "\x89PNG\r\n\x1a\n" },
  { mediaType: "image/jpeg", begins: "\xff\xd8\xff" },
  { mediaType: "image/gif", begins: "GIF87a" },
  { mediaType: "image/gif", begins: "GIF89a" },
  { mediaType: "image/webp", begins: "RIFF????WEBP" },
  { mediaType: "audio/wav", begins: "RIFF????WAVE" },
  { mediaType: "image/avif", begins: "????ftypavif" },
  { mediaType: "image/avif", begins: "????ftypavis" },
  { mediaType: "image/heic", begins: "????ftyphei" },
  { mediaType: "image/heic", begins: "????ftypmif1" },
  { mediaType: "video/quicktime", begins: "????ftypqt  " },
  { mediaType: "video/mp4", begins: "????ftyp" },
  { mediaType: "audio/mpeg", begins: "ID3" },
  { mediaType: "audio/mpeg", begins: "\xff\xfb" },
  { mediaType: "audio/mpeg", begins: "\xff\xf3" },
  { mediaType: "audio/mpeg", begins: "\xff\xf2" },
  { mediaType: "application/ogg", begins: "OggS\0" },
  { mediaType: "application/pdf", begins: "%PDF-" },
  { mediaType: "application/zip", begins: "PK\x03\x04" },
  { mediaType: "application/zip", begins: "PK\x05\x06" },
  { mediaType: "application/gzip", begins: "\x1f\x8b" },
  { mediaType: "font/woff2", begins: "wOF2" },
  { mediaType: "font/woff", begins: "wOFF" },
  { mediaType: "application/wasm", begins: "\0asm" },
  { mediaType: "application/x-elf", begins: "\x7fELF" },
  { mediaType: "application/x-mach-binary", begins: "\xcf\xfa\xed\xfe" },
  { mediaType: "application/x-mach-binary", begins: "\xca\xfe\xba\xbe" },
  { mediaType: "text/x-shellscript", begins: "#!" },
];

const ebml = "\x1a\x45\xdf\xa3";
/** What makes a browser take a document for HTML, wherever its type is not pinned. */
const htmlBeginning =
  /^(?:<!doctype html|<(?:html|head|title|body|script|iframe|style|h1|div|font|table|a|br|p|b|img|meta|link|base|object|embed|form|math)[\s/>]|<!--)/i;

/**
 * The media type that the bytes themselves speak of, whatever a client declared: by signature, and for text by its first
 * tag. Text without a sign is `text/plain`; `undefined` is binary data of no known kind.
 */
export function sniffMediaType(bytes: Uint8Array): string | undefined {
  const signature = signatures.find(({ begins }) => startsWith(bytes, begins));
  if (signature) return signature.mediaType;
  if (startsWith(bytes, ebml)) return latin1(bytes, 64).includes("webm") ? "video/webm" : "video/x-matroska";
  const text = readText(bytes);
  if (text !== undefined) return sniffText(text);
  // Two letters are too few to call a text a program; a program is never text.
  return startsWith(bytes, "MZ") ? "application/vnd.microsoft.portable-executable" : undefined;
}

function sniffText(text: string): string {
  const start = text.trimStart().slice(0, 4096);
  if (htmlBeginning.test(start)) return /^<!--/.test(start) && /<svg[\s>]/i.test(start) ? "image/svg+xml" : "text/html";
  if (/^<svg[\s>]/i.test(start)) return "image/svg+xml";
  if (/^<(?:\?xml|!doctype|[a-z_][\w.:-]*[\s/>])/i.test(start)) {
    if (/<(?:\w+:)?svg[\s>]/i.test(start)) return "image/svg+xml";
    return /<(?:\w+:)?html[\s>]/i.test(start) ? "text/html" : "application/xml";
  }
  return "text/plain";
}

/** The text, unless the bytes are no UTF-8 or hold control characters that no text has. */
function readText(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /[\u0000-\u0008\u000b\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function startsWith(bytes: Uint8Array, begins: string): boolean {
  if (bytes.length < begins.length) return false;
  for (let at = 0; at < begins.length; at++) {
    if (begins[at] !== "?" && bytes[at] !== begins.charCodeAt(at)) return false;
  }
  return true;
}

function latin1(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}

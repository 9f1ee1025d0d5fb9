/** A form shorter than this occurs by chance: replacing it would garble texts that hold no secret. */
const minFormLength = 8;

/**
 * Every text in which a value usually shows up: as it is, and as JSON, URLs, forms, HTML, hex and base64 write it.
 * Longest first. Not covered: two encodings nested, encryption, values split over several fields.
 */
export function encodingsOf(value: string): string[] {
  const url = encodeURIComponent(value);
  const form = new URLSearchParams({ v: value }).toString().slice(2);
  const json = JSON.stringify(value).slice(1, -1);
  const hex = Buffer.from(value).toString("hex");
  const forms = new Set([
    value,
    json,
    json.replaceAll("/", "\\/"),
    // What encoders do that keep JSON in ASCII.
    json.replace(/[^\u0000-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
    url,
    lowerEscapes(url),
    form,
    lowerEscapes(form),
    htmlOf(value, "&#39;"),
    htmlOf(value, "&#x27;"),
    hex,
    hex.toUpperCase(),
    ...base64Forms(value),
  ]);
  return [...forms].filter((text) => text.length >= minFormLength).sort((a, b) => b.length - a.length);
}

/**
 * The base64 and base64url of a value wherever it lies in a longer text, such as `user:value` of Basic credentials.
 * Base64 writes three bytes at a time, so there are three alignments; characters at either end that the neighbours
 * take part in are left out.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].flatMap((offset) => {
    const padded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const start = offset === 0 ? 0 : offset + 1;
    const end = (offset + bytes.length) % 3 === 0 ? padded.length : padded.length - 1;
    const text = padded.slice(start, end);
    return [text, text.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function lowerEscapes(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
}

function htmlOf(value: string, apostrophe: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("'", apostrophe);
}

/** A form shorter than this occurs by chance: replacing it would garble texts that hold no secret. */
const minFormLength = 8;

/**
 * Every text in which a value usually shows up: as it is, and as JSON, URLs, forms, HTML, hex and base64 write it, also JSON
 * within JSON and base64 within URLs and JSON. Longest first. Not covered: other nested encodings, base64 with line breaks,
 * UTF-16, encryption, values split over several fields.
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
    ...escapedJsonForms(json),
    JSON.stringify(json).slice(1, -1),
    url,
    lowerEscapes(url),
    encodeURI(value),
    form,
    lowerEscapes(form),
    htmlOf(value, "&#39;"),
    htmlOf(value, "&#x27;"),
    // As Go's templates write it.
    htmlOf(value, "&#39;").replaceAll("&quot;", "&#34;").replaceAll("+", "&#43;"),
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
    const escaped = encodeURIComponent(text);
    return [
      text,
      text.replaceAll("+", "-").replaceAll("/", "_"),
      text.replaceAll("/", "\\/"),
      escaped,
      lowerEscapes(escaped),
    ];
  });
}

/** What encoders do that keep JSON in ASCII, and those that make it safe within a script tag. */
function escapedJsonForms(json: string): string[] {
  const escape = (pattern: RegExp, isUpper: boolean) =>
    json.replace(pattern, (unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
      return `\\u${isUpper ? hex.toUpperCase() : hex}`;
    });
  return [/[^\u0000-\u007f]/g, /[<>&\u2028\u2029]/g, /[<>&'/\u007f-\uffff]/g].flatMap((pattern) => [
    escape(pattern, false),
    escape(pattern, true),
  ]);
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

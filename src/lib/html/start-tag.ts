/** One attribute of a start tag, and where it stands. */
export interface Attribute {
  /** ASCII letters in lower case. */
  readonly name: string;
  /** As it is written: character references are not resolved. */
  readonly value: string;
  /** Offsets into the tag's own bytes, from the name's first byte to behind the value. */
  readonly start: number;
  readonly end: number;
}

/** A start tag as the HTML standard's tokenizer reads it (section 13.2.5). */
export interface StartTag {
  /** ASCII letters in lower case. */
  readonly name: string;
  /** In the order of the source; of several with one name, browsers take the first and drop the rest. */
  readonly attributes: readonly Attribute[];
}

// Latin-1 keeps one character for each byte; what is compared here is ASCII.
const latin1 = new TextDecoder("latin1");

const isSpace = (byte: number | undefined) =>
  byte === 0x20 || byte === 0x0a || byte === 0x09 || byte === 0x0c || byte === 0x0d;

/** Reads a whole start tag, from its `<` to its `>`. Linear in its length. */
export function readStartTag(bytes: Uint8Array): StartTag {
  const last = bytes.length - 1;
  let at = 1;
  while (at < last && !isSpace(bytes[at]) && bytes[at] !== 0x2f) at += 1;
  const name = textOf(bytes, 1, at);
  const attributes: Attribute[] = [];
  for (;;) {
    while (at < last && (isSpace(bytes[at]) || bytes[at] === 0x2f)) at += 1;
    if (at >= last) return { name, attributes };
    const start = at;
    // An equals sign in the first place belongs to the name.
    at += 1;
    while (at < last && !isSpace(bytes[at]) && bytes[at] !== 0x2f && bytes[at] !== 0x3d) at += 1;
    const nameEnd = at;
    let next = at;
    while (next < last && isSpace(bytes[next])) next += 1;
    if (bytes[next] !== 0x3d) {
      attributes.push({ name: textOf(bytes, start, nameEnd), value: "", start, end: nameEnd });
      continue;
    }
    at = next + 1;
    while (at < last && isSpace(bytes[at])) at += 1;
    const quote = bytes[at];
    let valueStart = at;
    let valueEnd: number;
    if (at < last && (quote === 0x22 || quote === 0x27)) {
      valueStart = at + 1;
      valueEnd = bytes.indexOf(quote, valueStart);
      at = valueEnd + 1;
    } else {
      while (at < last && !isSpace(bytes[at])) at += 1;
      valueEnd = at;
    }
    const value = latin1.decode(bytes.subarray(valueStart, valueEnd));
    attributes.push({ name: textOf(bytes, start, nameEnd), value, start, end: at });
  }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return latin1.decode(bytes.subarray(from, to)).replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * The value of the first attribute of that name with `&amp;` resolved: what a browser sees. Undefined where there is none,
 * and where it holds any other character reference, so that a value is never judged by another reading than the browser's.
 */
export function plainValue({ attributes }: StartTag, name: string): string | undefined {
  const value = attributes.find((one) => one.name === name)?.value;
  if (value === undefined || !value.includes("&")) return value;
  const plain = value.replaceAll("&amp;", "\u0000");
  return plain.includes("&") ? undefined : plain.replaceAll("\u0000", "&");
}

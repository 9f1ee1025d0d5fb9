/** A tag as a browser would read it, as far as attacks depend on it. */
export interface HtmlTag {
  /** Lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  readonly attributes: readonly HtmlAttribute[];
  /** Where it begins and where the text behind it does. */
  readonly start: number;
  readonly end: number;
}

export interface HtmlAttribute {
  /** Lower case. */
  readonly name: string;
  /** As it was written, references not replaced. */
  readonly value: string;
}

const maxAttributes = 100;

/**
 * Every tag of a text, in order. Comments and the raw text of `style`, `title` or `noscript` are read like the rest: which
 * of it a browser takes for markup changes when a sanitiser moves it, and that is how markup was smuggled.
 */
export function* tagsOf(text: string): Generator<HtmlTag> {
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at)) {
    const tag = readTag(text, at);
    if (tag) yield tag;
    // A tag within the attributes of another is one as soon as a quotation mark moves: the search goes on inside.
    at++;
  }
}

function readTag(text: string, start: number): HtmlTag | undefined {
  const isEnd = text[start + 1] === "/";
  let at = start + (isEnd ? 2 : 1);
  const nameStart = at;
  if (!isLetter(text.charCodeAt(at))) return undefined;
  while (at < text.length && !isBreak(text[at] ?? "") && text[at] !== "<") at++;
  // A prefix of a namespace does not change what an element is to an XML page: "x:script" is a script.
  const name = text
    .slice(nameStart, at)
    .toLowerCase()
    .replace(/^[a-z]{1,20}:/, "");
  const attributes: HtmlAttribute[] = [];
  while (at < text.length && attributes.length < maxAttributes) {
    while (at < text.length && (isSpace(text[at] ?? "") || text[at] === "/" || text[at] === '"' || text[at] === "'"))
      at++;
    if (at >= text.length || text[at] === ">" || text[at] === "<") break;
    const attributeStart = at;
    if (text[at] === "=") at++;
    while (at < text.length && !isBreak(text[at] ?? "") && text[at] !== "=" && text[at] !== "<") at++;
    const attribute = text.slice(attributeStart, at).toLowerCase();
    while (isSpace(text[at] ?? "")) at++;
    let value = "";
    if (text[at] === "=") {
      const read = readValue(text, at + 1);
      ({ value } = read);
      at = read.end;
    }
    attributes.push({ name: attribute, value });
  }
  return { name, isEnd, attributes, start, end: text[at] === ">" ? at + 1 : at };
}

/** Long values are not needed to judge a tag, and reading them again for every "<" inside would take quadratic time. */
const maxValueLength = 1000;

function readValue(text: string, start: number): { readonly value: string; readonly end: number } {
  let at = start;
  while (isSpace(text[at] ?? "")) at++;
  const mark = text[at];
  if (mark === '"' || mark === "'" || mark === "`") {
    const limit = Math.min(text.length, at + 1 + maxValueLength);
    let end = at + 1;
    while (end < limit && text[end] !== mark) end++;
    return { value: text.slice(at + 1, end), end: end + 1 };
  }
  const valueStart = at;
  const limit = Math.min(text.length, at + maxValueLength);
  while (at < limit && !isSpace(text[at] ?? "") && text[at] !== ">" && text[at] !== "<") at++;
  return { value: text.slice(valueStart, at), end: at };
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function isSpace(character: string): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r" || character === "\f";
}

function isBreak(character: string): boolean {
  return isSpace(character) || character === ">" || character === "/" || character === '"' || character === "'";
}

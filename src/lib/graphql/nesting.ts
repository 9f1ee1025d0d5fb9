const quote = 0x22;
const backslash = 0x5c;
const hash = 0x23;

/**
 * Whether brackets of any kind stand more than `max` deep in a document, in one walk over its text.
 *
 * The parser recurses with every level, so a document of ten thousand opening braces, 10 KB, would end the stack of
 * whoever parses it. Texts, block texts and comments are walked over (GraphQL specification, sections 2.1.4 and 2.9.4):
 * what looks like a bracket in them is none. A text that never ends is left for the parser to refuse.
 */
export function isNestedDeeper(text: string, max: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === quote) at = endOfText(text, at);
    else if (unit === hash) at = endOfLine(text, at);
    else if (unit === 0x7b /* { */ || unit === 0x5b /* [ */ || unit === 0x28 /* ( */) {
      if (++depth > max) return true;
    } else if (unit === 0x7d /* } */ || unit === 0x5d /* ] */ || unit === 0x29 /* ) */) depth--;
  }
  return false;
}

/** The last unit of the text that begins at `start`. */
function endOfText(text: string, start: number): number {
  if (text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote) return endOfBlock(text, start + 3);
  for (let at = start + 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === backslash) at++;
    // A line break ends the document, not the text: the parser says so when it comes there.
    else if (unit === quote || isLineBreak(unit)) return at;
  }
  return text.length;
}

/** In a block, only three quotation marks end it, and a backslash before them says that they do not. */
function endOfBlock(text: string, start: number): number {
  for (let at = text.indexOf('"""', start); at >= 0; at = text.indexOf('"""', at + 3)) {
    if (text.charCodeAt(at - 1) !== backslash) return at + 2;
  }
  return text.length;
}

function endOfLine(text: string, start: number): number {
  for (let at = start; at < text.length; at++) if (isLineBreak(text.charCodeAt(at))) return at;
  return text.length;
}

function isLineBreak(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d;
}

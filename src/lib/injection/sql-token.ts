import { sqlWords, tellingFunctions } from "./sql-words.ts";

/** One token of SQL, or what separates two. */
export interface SqlToken {
  /** Its kind, as `SqlShape` lists them; empty for space and comments that only separate. */
  readonly letter: string;
  /** The word or the text behind it, lower case; empty where the kind says it all. */
  readonly word: string;
  readonly end: number;
}

const letterOf = {
  logic: "l",
  set: "u",
  select: "q",
  verb: "d",
  clause: "k",
  test: "t",
  value: "x",
  case: "e",
} as const;

const comparisons = "=<>!";
const operators = "+-*/%^~|&:@\\";

/** The token that begins at a place within the text. */
export function readSqlToken(text: string, at: number): SqlToken {
  const code = text.charCodeAt(at);
  const character = text[at] ?? "";
  if (code <= 0x20 || code === 0xa0) return separator(at + 1);
  if (isLetter(code)) return readWord(text, at);
  if (isDigit(code)) return read(text, "n", at, endOfNumber(text, at));
  if (character === "'" || character === '"' || character === "`") return readText(text, at, character);
  if (text.startsWith("/*", at)) return readComment(text, at);
  if (text.startsWith("*/", at)) return separator(at + 2);
  if (text.startsWith("--", at) || (character === "#" && !isLetter(text.charCodeAt(at + 1)))) {
    const end = text.indexOf("\n", at);
    return { letter: "m", word: "", end: end < 0 ? text.length : end };
  }
  if (comparisons.includes(character)) {
    let end = at + 1;
    while (comparisons.includes(text[end] ?? "\0")) end++;
    return { letter: "c", word: "", end };
  }
  if (character === "@" && (isLetter(text.charCodeAt(at + 1)) || text[at + 1] === "@")) {
    return { letter: "v", word: "", end: endOfWord(text, at + (text[at + 1] === "@" ? 2 : 1)) };
  }
  if (text.startsWith("||", at) || text.startsWith("&&", at)) return { letter: "l", word: character, end: at + 2 };
  if (operators.includes(character)) return { letter: "o", word: "", end: at + 1 };
  return { letter: "(),;.".includes(character) ? character : "?", word: "", end: at + 1 };
}

function separator(end: number): SqlToken {
  return { letter: "", word: "", end };
}

function read(text: string, letter: string, start: number, end: number): SqlToken {
  return { letter, word: text.slice(start, end).toLowerCase(), end };
}

function readWord(text: string, at: number): SqlToken {
  const end = endOfWord(text, at);
  const word = text.slice(at, end).toLowerCase();
  if (tellingFunctions.has(word) && nextVisible(text, end) === "(") return { letter: "f", word, end };
  const meaning = sqlWords.get(word);
  return { letter: meaning === undefined ? "b" : letterOf[meaning], word, end };
}

function readText(text: string, at: number, mark: string): SqlToken {
  const end = endOfText(text, at + 1, mark);
  if (end < 0) return read(text, "S", at + 1, text.length);
  return { letter: "s", word: text.slice(at + 1, end - 1).toLowerCase(), end };
}

function readComment(text: string, at: number): SqlToken {
  if (text[at + 2] === "!") {
    let end = at + 3;
    while (isDigit(text.charCodeAt(end))) end++;
    return separator(end);
  }
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? { letter: "M", word: "", end: text.length } : separator(end + 2);
}

/** The next character behind space and comments, of which there are few between a function and its arguments. */
function nextVisible(text: string, start: number): string {
  let at = start;
  while (text.charCodeAt(at) <= 0x20) at++;
  if (text.startsWith("/**/", at)) at += 4;
  return text[at] ?? "";
}

/** The end of a text in quotation marks, behind the mark that ends it; below zero where none does. */
function endOfText(text: string, start: number, mark: string): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === mark) {
      if (text[at + 1] !== mark) return at + 1;
      at++;
    }
  }
  return -1;
}

function endOfWord(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (!isLetter(code) && !isDigit(code) && code !== 0x24) break;
    at++;
  }
  return at;
}

function endOfNumber(text: string, start: number): number {
  const isHex = text[start] === "0" && (text.charCodeAt(start + 1) | 0x20) === 0x78;
  let at = isHex ? start + 2 : start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && code !== 0x2e && !(isHex && isHexLetter(code))) break;
    at++;
  }
  // "1e0UNION" is a number and a word to MySQL.
  return at;
}

function isLetter(code: number): boolean {
  return (
    (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f || (code > 0x7f && code !== 0xa0)
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isHexLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x66;
}

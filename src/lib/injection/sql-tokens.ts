import { sqlWords, tellingFunctions } from "./sql-words.ts";

/**
 * A statement as letters, one a token, so that its shape can be looked at with patterns of letters:
 *
 * `n` number · `s` text · `S` text that does not end · `b` name · `v` variable · `f` telling function · `l` logic · `u` set ·
 * `q` select · `d` verb · `k` clause · `t` test · `x` null, true, false · `e` case · `c` comparison · `o` other operator ·
 * `(` `)` `,` `;` `.` themselves · `m` a comment to the end of its line · `M` a comment that never ends · `?` nothing of SQL
 */
export interface SqlShape {
  readonly letters: string;
  /** The words and texts behind the letters, lower case. */
  readonly words: readonly string[];
  /** How many characters stand in the last comment. */
  readonly commentLength: number;
  /** Whether all of the text was read. */
  readonly isWhole: boolean;
}

/** More tokens than an attack needs before it shows; a text of people's own words stops long before. */
const maxTokens = 300;

/** Two operands side by side so often are a sentence. */
const maxFaults = 2;

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

/**
 * Reads SQL from `start`. Comments and space of any kind separate; comments that MySQL executes are read as code. Reading
 * ends early where the words cannot be SQL any more.
 */
export function readSql(text: string, start: number): SqlShape {
  const words: string[] = [];
  let letters = "";
  let commentLength = 0;
  let faults = 0;
  let at = start;

  function push(letter: string, word = ""): void {
    if (isOperand(letter) && isOperand(letters.at(-1) ?? "")) faults++;
    letters += letter;
    words.push(word);
  }

  while (at < text.length && words.length < maxTokens && faults <= maxFaults) {
    const code = text.charCodeAt(at);
    const character = text[at] ?? "";
    if (code <= 0x20 || code === 0xa0) at++;
    else if (isLetter(code)) {
      const end = endOfWord(text, at);
      const word = text.slice(at, end).toLowerCase();
      pushWord(word, text, end, push);
      at = end;
    } else if (isDigit(code)) {
      const end = endOfNumber(text, at);
      push("n", text.slice(at, end).toLowerCase());
      at = end;
    } else if (character === "'" || character === '"' || character === "`") {
      const end = endOfText(text, at + 1, character);
      push(end < 0 ? "S" : "s", text.slice(at + 1, end < 0 ? text.length : end - 1).toLowerCase());
      at = end < 0 ? text.length : end;
    } else if (text.startsWith("/*", at)) {
      if (text[at + 2] === "!") {
        at += 3;
        while (isDigit(text.charCodeAt(at))) at++;
        continue;
      }
      const end = text.indexOf("*/", at + 2);
      if (end < 0) push("M");
      at = end < 0 ? text.length : end + 2;
    } else if (text.startsWith("*/", at)) at += 2;
    else if (text.startsWith("--", at) || (character === "#" && !isLetter(text.charCodeAt(at + 1)))) {
      const end = lineEnd(text, at);
      commentLength = text.slice(at, end).replace(/^[-#+\s]+/, "").length;
      push("m");
      at = end;
    } else if (comparisons.includes(character)) {
      while (comparisons.includes(text[at] ?? "\0")) at++;
      push("c");
    } else if (character === "@" && (isLetter(text.charCodeAt(at + 1)) || text[at + 1] === "@")) {
      at = endOfWord(text, at + (text[at + 1] === "@" ? 2 : 1));
      push("v");
    } else if (text.startsWith("||", at) || text.startsWith("&&", at)) {
      push("l", character);
      at += 2;
    } else if (operators.includes(character)) {
      push("o");
      at++;
    } else if ("(),;.".includes(character)) {
      push(character);
      at++;
    } else {
      if (character === "{" || character === "}" || character === "[" || character === "]") push("?");
      else push("?", character);
      faults++;
      at++;
    }
  }
  return { letters, words, commentLength, isWhole: at >= text.length && faults <= maxFaults };
}

function pushWord(word: string, text: string, end: number, push: (letter: string, word: string) => void): void {
  const isCalled = nextVisible(text, end) === "(";
  if (isCalled && tellingFunctions.has(word)) return push("f", word);
  const meaning = sqlWords.get(word);
  push(meaning === undefined ? "b" : letterOf[meaning], word);
}

/** The next character behind space and comments, of which there are few between a function and its arguments. */
function nextVisible(text: string, start: number): string {
  let at = start;
  while (text.charCodeAt(at) <= 0x20) at++;
  if (text.startsWith("/**/", at)) at += 4;
  return text[at] ?? "";
}

function isOperand(letter: string): boolean {
  return letter !== "" && "nsSbvx".includes(letter);
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

function lineEnd(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
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

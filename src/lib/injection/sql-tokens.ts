import { readSqlToken } from "./sql-token.ts";

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
  while (at < text.length && words.length < maxTokens && faults <= maxFaults) {
    const { letter, word, end } = readSqlToken(text, at);
    if (letter === "m") commentLength = text.slice(at, end).replace(/^[-#+\s]+/, "").length;
    at = end;
    if (letter === "") continue;
    if (letter === "?" || (isOperand(letter) && isOperand(letters.at(-1) ?? ""))) faults++;
    letters += letter;
    words.push(word);
  }
  return { letters, words, commentLength, isWhole: at >= text.length && faults <= maxFaults };
}

function isOperand(letter: string): boolean {
  return letter !== "" && "nsSbvx".includes(letter);
}

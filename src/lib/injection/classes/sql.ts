import { type AttackClass, everywhere, type Subject } from "../attack-class.ts";
import { scoreContinuation, scoreExpression } from "../sql-signs.ts";
import { readSql, type SqlShape } from "../sql-tokens.ts";
import { sqlWords } from "../sql-words.ts";
import { trait } from "../traits.ts";

const suspicious =
  trait.quote |
  trait.digit |
  trait.parenthesis |
  trait.semicolon |
  trait.comparison |
  trait.star |
  trait.minus |
  trait.hash;

/**
 * SQL that breaks out of the text or number in which a value was pasted.
 *
 * A value is read the way the database would read it: in a text, everything up to the first quotation mark is harmless,
 * and everything behind it has to be SQL. Prose with apostrophes is not, so it needs no exception; a payload quoted in the
 * middle of an article is not either, since the statement around it would not parse. In people's own words it has to be
 * SQL to the very end.
 */
export const sql: AttackClass = {
  name: "sql",
  summary: "Breaks out of a text or number of an SQL statement and changes what the statement does.",
  stops: ["CWE-89", "CWE-564", "API8:2023", "A03:2021"],
  places: everywhere,
  suspects: (traits) => (traits & suspicious) !== 0,
  judge(subject) {
    const { text, traits, profile } = subject;
    let score = 0;
    if (traits & trait.quote) {
      for (const mark of ["'", '"']) {
        for (const at of breaksOf(text, mark)) score = Math.max(score, scoreBreak(subject, at));
      }
    }
    if (score < 5 && (profile === "typed" || /^\s*[-+(\d'"]/.test(text)) && mayBegin(text, traits)) {
      score = Math.max(score, scoreStart(subject));
    }
    return score;
  },
  found: [
    "' OR 1=1 --",
    "admin'#",
    "1 UNION SELECT 1,2",
    "x'; DROP TABLE users; --",
    "1'/**/or/**/'1'='1",
    "' AND SLEEP(5)-- -",
    "'+(select top 1 name from sysobjects)+'",
    "(CASE WHEN (1=1) THEN name ELSE price END)",
  ],
  spared: [
    "O'Brien or O'Connor",
    "It's 5 o'clock -- and all's well",
    "Select size from the list; update it later",
    "the '70s and '80s",
    "10 or 20 pieces",
    'Robert "Bobby" Tables',
    "Men's T-shirt -- size L",
    "name = 'x' or 'y'",
  ],
};

/** Where a text in these marks would end: at the first mark that is not doubled, with and without regard to backslashes. */
function breaksOf(text: string, mark: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (text[at + 1] === mark) {
      at++;
      continue;
    }
    found.push(at + 1);
    if (text[at - 1] !== "\\" || found.length === 2) break;
  }
  return found;
}

const logicWord = /\b(?:x?or|and)\b|\|\||&&/i;
const tellingWord = /\b(?:union|select|r?like|regexp|between|procedure|(?:pg_)?sleep|benchmark|exec|waitfor)\b|--/i;
const callOrGroup = /\w\(|^\s*\(|\(\s*(?:select|case)\b/i;

/** A look before the reading: whether a text has anything of a statement, were it to stand where a number does. */
function mayBegin(text: string, traits: number): boolean {
  if (traits & (trait.semicolon | trait.star | trait.hash)) return true;
  if ((traits & trait.parenthesis) !== 0 && callOrGroup.test(text)) return true;
  return ((traits & trait.comparison) !== 0 && logicWord.test(text)) || tellingWord.test(text);
}

/** A look before the reading: a word that SQL does not know, right behind an apostrophe, is the rest of a word. */
function mayContinue(text: string, at: number): boolean {
  let start = at;
  while (start < text.length && (text.charCodeAt(start) <= 0x20 || text[start] === ")")) start++;
  let end = start;
  while (end < text.length && isLetter(text.charCodeAt(end))) end++;
  return end === start || sqlWords.has(text.slice(start, end).toLowerCase());
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code > 0x7f;
}

function scoreBreak({ text, profile }: Subject, at: number): number {
  if (!mayContinue(text, at)) return 0;
  const shape = readSql(text, at);
  return isLikely(shape, profile) ? scoreContinuation(shape) : 0;
}

function scoreStart({ text, profile }: Subject): number {
  const shape = readSql(text, 0);
  return isLikely(shape, profile) ? scoreExpression(shape) : 0;
}

/**
 * People's own words have to be SQL to their end: whatever stands behind a payload would break the statement. Only a
 * comment hides the rest of its line, and an attacker has no use for words in it.
 */
function isLikely(shape: SqlShape, profile: Subject["profile"]): boolean {
  if (profile === "typed") return true;
  return shape.isWhole && !shape.letters.includes("?") && shape.commentLength <= 8;
}

import type { SqlShape } from "./sql-tokens.ts";
import { verbObjects } from "./sql-words.ts";

const constant = "[nsSxf]";
const between = "[()ote.]{0,9}";
/** A comparison of two constants behind a logic word: true or false whatever the table holds. */
const tautology = new RegExp(`l[lot(]{0,9}${constant}[()\\w]{0,8}?[ct]${between}${constant}`);
/** The same of a column. */
const comparison = /l[lot(]{0,9}b(?:\.b)?\){0,9}(?:c|tl?x|t)/;
const unionSelect = /uk?\(*q/;
const subselect = /\(q/;
const calls = /(?:^|[lou,;(ckte.])f\(/;

/**
 * The score of what stands behind the point at which a text or number of the statement ended. The point itself proves
 * nothing: apostrophes do that all day. What follows has to go on as SQL goes on.
 */
export function scoreContinuation(shape: SqlShape): number {
  const letters = shape.letters.replace(/^\)+/, "");
  if (!/^[luqcot;,kmM]/.test(letters) || letters.startsWith("q")) return 0;
  let score = 0;
  if (unionSelect.test(letters)) score += 6;
  if (hasStackedStatement(shape)) score += 6;
  if (subselect.test(letters)) score += 5;
  if (tautology.test(letters)) score += 5;
  else if (comparison.test(letters) && endsAsSql(letters)) score += 4;
  if (calls.test(letters)) score += 4;
  if (/^l+[nxb][()]*[mM;]?$/.test(letters)) score += 3;
  if (/^t[(o]*[nsSx]/.test(letters)) score += 3;
  if (/^t[(o]*[sS]$/.test(letters)) score += 1;
  if (/^[oc(]{1,9}[nxs][()]*m/.test(letters)) score += 2;
  if (/^k/.test(letters)) score += scoreClause(letters, shape.words);
  if (/^[oc]S$/.test(letters) && shape.words.at(-1) === "") score += 4;
  if (/\);?[mM]$/.test(letters)) score += 2;
  if (/^[mM]$|^;[mM]$/.test(letters)) score += shape.commentLength > 12 ? 2 : 4;
  else if (/[mM]$/.test(letters)) score += 2;
  return score === 0 ? 0 : score + 1;
}

/** The score of a text that stands where a statement has a number or a name. */
export function scoreExpression(shape: SqlShape): number {
  const { letters, words } = shape;
  const first = letters.search(/[nsvx]/);
  if (/^[(o]*[nsvx]/.test(letters)) {
    return scoreContinuation({ ...shape, letters: letters.slice(first + 1), words: words.slice(first + 1) });
  }
  let score = 0;
  if (/^\(*[bf][()]*(?:\.b)?uk?\(*q/.test(letters)) score += 6;
  if (hasStackedStatement(shape)) score += 6;
  if (subselect.test(letters)) score += 5;
  if (/l[(]*n[)]*c[(]*n/.test(letters)) score += 5;
  if (/^\(*ee?[(]*[nsfx][(ct]/.test(letters)) score += 5;
  if (/^f\([nosf,()b]*\)[mM]?$/.test(letters) && /^(?:pg_)?sleep$|^benchmark$|^waitfor$/.test(words[0] ?? "")) {
    score += /^f\(n/.test(letters) ? 5 : 0;
  }
  if (/^q[^q]*k/.test(letters) && shape.isWhole && /[oc,f(]/.test(letters)) score += 5;
  return score;
}

function endsAsSql(letters: string): boolean {
  return /[nsSxmM)f;]$/.test(letters);
}

function scoreClause(letters: string, words: readonly string[]): number {
  const first = words.find((word) => word !== "") ?? "";
  if (!/^(?:order|group|having|limit|into|procedure|union|from|where|offset|returning)$/.test(first)) return 0;
  const isTold = /^k+[(o]*[nsSbf]/.test(letters);
  return (isTold ? 2 : 0) + (/c/.test(letters) ? 2 : 0) + (first === "into" || first === "procedure" ? 2 : 0);
}

/** Whether a semicolon is followed by what can only be the start of a statement. */
function hasStackedStatement({ letters, words }: SqlShape): boolean {
  for (let at = letters.indexOf(";"); at >= 0; at = letters.indexOf(";", at + 1)) {
    let first = at + 1;
    while (letters[first] === "(" || letters[first] === ";") first++;
    const letter = letters[first];
    const word = words[first] ?? "";
    const next = words[first + 1] ?? "";
    if (letter === "q" && /^q[nfosvx*(]|^qb[,(]|^qkk?[nfb]/.test(letters.slice(first))) return true;
    if (letter === "q" && letters.indexOf("k", first) > 0 && words.indexOf("from", first) > 0) return true;
    if (letter === "d" && isStatement(word, next, letters.slice(first), words.slice(first))) return true;
  }
  return false;
}

function isStatement(word: string, next: string, letters: string, words: readonly string[]): boolean {
  const object = verbObjects[word];
  if (object) return object.test(next);
  if (word === "update") return words.slice(1, 8).includes("set") && letters.includes("c");
  if (word === "if") return /^d[(]*[nsvfxqt]/.test(letters);
  if (word === "declare" || word === "set") return letters.startsWith("dv");
  if (word === "exec" || word === "execute") return /^d(?:b(?:[.]|$|[\s\w]*[sS(])|s|\()/.test(letters);
  if (word === "shutdown") return /^d(?:[mM;]|$|kb)/.test(letters);
  if (word === "copy") return /^d[b(]/.test(letters) && /k/.test(letters);
  return word === "call" && /^db(?:\.b)?\(/.test(letters);
}

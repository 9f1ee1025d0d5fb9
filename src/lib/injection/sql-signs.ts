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
  if (!/^[luqcot;,kmMd]/.test(letters)) return 0;
  let score = 0;
  if (unionSelect.test(letters)) score += 6;
  if (hasStackedStatement(shape)) score += 6;
  if (subselect.test(letters)) score += 5;
  if (tautology.test(letters) || comparesWithItself(shape)) score += 5;
  else if (comparison.test(letters) && endsAsSql(letters)) score += 4;
  if (calls.test(letters)) score += 4;
  if (/^l+[nxb][()]*[mM;]?$/.test(letters)) score += 3;
  if (/^l[sS](?:l[sS]){0,9}$/.test(letters) && shape.words[0] === "|") score += 4;
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
  const isBare = letters.startsWith("d") && /^(?:waitfor|exec|execute|declare)$/.test(words[0] ?? "");
  if (isBare || /^[lu);,k]|^o{1,9}f/.test(letters)) return scoreContinuation(shape);
  if (/^[(o]*[nsvx]/.test(letters)) {
    return scoreContinuation({ ...shape, letters: letters.slice(first + 1), words: words.slice(first + 1) });
  }
  let score = 0;
  if (/^\(*[bf][()]*(?:\.b)?uk?\(*q/.test(letters)) score += 6;
  if (hasStackedStatement(shape, 1)) score += 6;
  if (subselect.test(letters)) score += 5;
  if (/l[(]*n[)]*c[(]*n/.test(letters)) score += 5;
  if (/^\(*ee?[(]*[nsfx][(ct]/.test(letters)) score += 5;
  if (/^f\([nosf,()b]*\)[mM]?$/.test(letters) && /^(?:pg_)?sleep$|^benchmark$|^waitfor$/.test(words[0] ?? "")) {
    score += /^f\(n/.test(letters) ? 5 : 0;
  }
  if (/^q[^q]*k/.test(letters) && shape.isWhole && /[oc,f(]/.test(letters)) score += 5;
  return score;
}

/** `or a=a`: a column compared with itself. */
function comparesWithItself({ letters, words }: SqlShape): boolean {
  const at = letters.search(/l\(?bcb/);
  const left = letters.indexOf("b", at);
  return at >= 0 && /^\w*/.exec(words[left + 2] ?? "")?.[0] === words[left];
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

/**
 * Whether a statement begins behind a semicolon, or, as SQL Server takes it, behind the end of another one. What begins it
 * has to be more than a word that sentences have, too.
 */
function hasStackedStatement({ letters, words }: SqlShape, from = 0): boolean {
  for (let at = from; at < letters.length; at++) {
    const letter = letters[at];
    if (letter !== "d" && letter !== "q") continue;
    let behind = at - 1;
    while (letters[behind] === "(") behind--;
    const before = letters[behind] ?? ";";
    if (letter === "q" && before === ";" && isSelection(letters, words, at)) return true;
    if (letter !== "d" || !";)xns".includes(before)) continue;
    if (isStatement(words[at] ?? "", words[at + 1] ?? "", letters.slice(at), words.slice(at))) return true;
  }
  return false;
}

function isSelection(letters: string, words: readonly string[], at: number): boolean {
  if (/^q[nfosvx*(]|^qb[,(]|^qkk?[nfb]/.test(letters.slice(at))) return at > 0 || /^q[nfv(]/.test(letters);
  return at > 0 && letters.indexOf("k", at) > 0 && words.indexOf("from", at) > 0;
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

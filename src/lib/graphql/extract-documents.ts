/** A GraphQL text found in a program, and where. */
export interface FoundText {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** What stands in it and cannot be read without running the program, in words. */
  readonly unreadable: string | undefined;
}

const tags = ["gql", "graphql"];
const mark = "/* GraphQL */";

/**
 * The GraphQL texts of a program: template literals that `gql` or `graphql` tags or is called with, or that stand behind
 * the comment that editors know. It reads characters, not the language, so that one scanner does for TypeScript, Vue and
 * Svelte; a tag behind `//` on its line is no code.
 *
 * Fragments that are pasted in behind the braces (`${Card}`) are left out, since fragments are found by their names. A
 * value that is pasted in anywhere else cannot be known here.
 */
export function extractDocuments(program: string): FoundText[] {
  const found: FoundText[] = [];
  let line = 1;
  let counted = 0;
  for (let tick = program.indexOf("`"); tick >= 0; tick = program.indexOf("`", tick)) {
    if (!isTagged(program, tick) || isCommentedOut(program, tick)) {
      tick += 1;
      continue;
    }
    for (; counted < tick; counted++) if (program[counted] === "\n") line++;
    const { text, end, unreadable } = readTemplate(program, tick + 1);
    found.push({ text, line, unreadable });
    tick = end;
  }
  return found;
}

/** Whether what stands before a backtick says that GraphQL follows. */
function isTagged(program: string, tick: number): boolean {
  let at = skipSpace(program, tick);
  if (program.startsWith(mark, at - mark.length)) return true;
  if (program[at - 1] === "(") at = skipSpace(program, at - 1);
  // A type argument of the call: `gql<Query>(…)`.
  if (program[at - 1] === ">") at = program.lastIndexOf("<", at);
  return tags.some((tag) => program.startsWith(tag, at - tag.length) && !isNamePart(program[at - tag.length - 1]));
}

/** The place behind the last character before `at` that is no space. */
function skipSpace(program: string, at: number): number {
  let place = at;
  while (place > 0 && " \t\r\n".includes(program[place - 1] ?? "")) place--;
  return place;
}

function isNamePart(character: string | undefined): boolean {
  return character !== undefined && /[\w$.]/.test(character);
}

/** Whether two slashes stand before the place on its line; those of an address have a colon before them. */
function isCommentedOut(program: string, at: number): boolean {
  const start = program.lastIndexOf("\n", at) + 1;
  const line = program.slice(start, at);
  const slashes = line.indexOf("//");
  return slashes >= 0 && line[slashes - 1] !== ":";
}

function readTemplate(program: string, start: number): { text: string; end: number; unreadable: string | undefined } {
  let text = "";
  let depth = 0;
  let unreadable: string | undefined;
  let at = start;
  for (; at < program.length && program[at] !== "`"; at++) {
    const character = program[at] ?? "";
    if (character === "\\") {
      at += 1;
      const escaped = program[at] ?? "";
      text += "`$\\".includes(escaped) ? escaped : `\\${escaped}`;
    } else if (character === "$" && program[at + 1] === "{") {
      at = endOfSubstitution(program, at + 2);
      if (depth > 0) unreadable = "a value is pasted into it within braces";
      text += "\n";
    } else {
      if (character === "{") depth += 1;
      else if (character === "}") depth -= 1;
      text += character;
    }
  }
  if (at >= program.length) unreadable = "it does not end";
  return { text, end: at + 1, unreadable };
}

/** The place of the brace that ends a substitution. */
function endOfSubstitution(program: string, start: number): number {
  let depth = 1;
  for (let at = start; at < program.length; at++) {
    if (program[at] === "{") depth += 1;
    else if (program[at] === "}" && --depth === 0) return at;
  }
  return program.length;
}

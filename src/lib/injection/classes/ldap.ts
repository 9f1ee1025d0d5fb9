import { type AttackClass, type Place } from "../attack-class.ts";
import { trait } from "../traits.ts";

const places: readonly Place[] = ["path", "query", "body"];
const breaks =
  /\)\s{0,4}\(\s{0,4}[|&!]|\)\s{0,4}\(\s{0,4}[a-z][\w-]{1,40}\s{0,4}[~<>]?=|\*\)\)|\)\)\s{0,4}\(|\*\)\s{0,4}\(|\*\(\)\|/i;

/** Parentheses that end a filter of a directory and begin another (RFC 4515). */
export const ldap: AttackClass = {
  name: "ldap",
  summary: "Ends a condition of a directory's search filter and adds another.",
  stops: ["CWE-90", "A03:2021"],
  places,
  suspects: (traits) => (traits & trait.parenthesis) !== 0,
  judge({ text, profile }) {
    if (text.length > 1000 || (profile !== "typed" && /\s/.test(text.trim()))) return 0;
    return breaks.test(text) ? 5 : 0;
  },
  found: ["*)(uid=*", "admin)(&)", "x)(|(cn=*)", "*))"],
  spared: ["(a)(b)", "f(g(x))", "Pot (24 cm) (lid)", "a) b) c)", "(red OR blue)"],
};

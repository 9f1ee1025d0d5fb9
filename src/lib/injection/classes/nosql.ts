import { type AttackClass, everywhere } from "../attack-class.ts";
import { hasSentence } from "../sentence.ts";
import { trait } from "../traits.ts";

const operators =
  "where|ne|eq|gt|gte|lt|lte|in|nin|or|and|not|nor|exists|type|expr|jsonschema|mod|regex|options|text|search|all|elemmatch|size|function|accumulator|lookup|match|project|group|merge|out|unionwith|graphlookup|func|set|unset|inc|push|pull|rename|near|geowithin|slice|comment|natural|rand|map|reduce";
/** An operator as the name of a member: in a list of brackets, behind a dot, or by itself. */
const operatorName = new RegExp(`(?:^|[[.])\\$(?:${operators})(?:$|[\\].[])`, "i");
/** JSON or something like it with an operator where a name stands. */
const operatorMember = new RegExp(
  `(?:[{,[]\\s{0,9}["']?|^\\s{0,9}["']?|["'])\\$(?:${operators})["']?\\s{0,9}[:,\\]]`,
  "i",
);
/** JavaScript behind a quotation mark, as `$where` runs it. */
const script =
  /["']\s{0,9}(?:;|\|\||&&)\s{0,9}(?:\(?\s{0,9}(?:this\.|function\s{0,9}\(|true\b\s{0,9}(?:\/\/|;|$)|\d{1,9}\s{0,9}==|["']\w{0,20}["']\s{0,9}==)|return[\s(]|(?:sleep|while|db\.\w{1,40}\.\w{1,40})\s{0,9}[(.]|var\s)/i;
const statement =
  /(?:^|;)\s{0,9}return\s{1,9}(?:this\.|true|1\b)|\bdb\.\w{1,40}\.(?:drop|find|insert|update|remove|delete|aggregate)\w{0,10}\(|"pipeline"\s{0,9}:\s{0,9}\[/i;

/** Query operators and scripts of document databases, in names and in texts that are parsed once more. */
export const nosql: AttackClass = {
  name: "nosql",
  summary: "Puts an operator or a script where a document database expects a value.",
  stops: ["CWE-943", "CWE-1321", "API8:2023", "A03:2021"],
  places: everywhere,
  suspects: (traits) => (traits & (trait.dollar | trait.quote | trait.parenthesis | trait.semicolon)) !== 0,
  judge({ text, traits, profile }) {
    let score = 0;
    if (traits & trait.dollar && (profile === "typed" || /^\s*[{[]/.test(text)) && operatorMember.test(text)) score = 6;
    if (traits & trait.quote && script.test(text)) score += profile === "typed" ? 6 : endsAsScript(text) ? 5 : 2;
    if (profile === "typed" && statement.test(text)) score += 5;
    return score;
  },
  judgeName: (name) => (name.includes("$") && operatorName.test(name) ? 6 : 0),
  found: [
    '{"$ne":null}',
    "{ $gt: '' }",
    "' || this.password.length > 0 || '",
    "'; return true; var x='",
    "true, $where: '1 == 1'",
  ],
  spared: ["$9.99", '{"price":{"lt":100}}', "US$ in cash", "it's; that's all", "in $USD: 5", "return true love"],
};

/** Whether the text goes on as JavaScript to its end, not as a sentence. */
function endsAsScript(text: string): boolean {
  return /(?:\/\/|['"]|;|\))\s*$/.test(text) && !hasSentence(text.slice(-60), 3);
}

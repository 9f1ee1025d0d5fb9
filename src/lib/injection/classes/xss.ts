import { runsScript, urlAttributes } from "../active-urls.ts";
import { type AttackClass, everywhere, type Subject } from "../attack-class.ts";
import { withoutCode } from "../code-spans.ts";
import { type HtmlTag, tagsOf } from "../html-tags.ts";
import { trait } from "../traits.ts";

/** Elements that act by themselves, wherever they stand. */
const active = new Set("script iframe object embed applet base frame frameset portal isindex".split(" "));
/** Elements that no typed field has, and that rich text may have. */
const structural = new Set(
  "svg math style link meta form input button select textarea noscript template video audio marquee body html head details animate set image bgsound layer xml xss keygen dialog title".split(
    " ",
  ),
);
const formatting = new Set(
  "a b i u p br hr em strong div span img h1 h2 h3 h4 h5 h6 ul ol li table tr td th pre code font center".split(" "),
);

/** The end of an attribute and a new one that runs a script. */
const attributeBreak = /["'\s/]on[a-z]{3,24}\s{0,20}=\s{0,20}["'`]?[^\s"'`=>,;.]{0,80}[(`\\=]/i;
/** The end of a text in a script, and a call of what scripts of attackers call. */
const scriptBreak =
  /["'`\\]\s{0,9}\)?\s{0,9}[;+\-*,|&^]\s{0,9}[(\s]{0,9}(?:alert|prompt|confirm|eval|fetch|setTimeout|setInterval|import|Function|document\s{0,9}[.[]|window\s{0,9}[.[]|location\s{0,9}[.=[]|top\s{0,9}\[|self\s{0,9}\[|this\s{0,9}\[|globalThis\b|console\s{0,9}\.|new\s{1,9}Image)(?:\s{0,9}[(.`[=]|\b)/;
const scriptUrl = /^[\s\u0000-\u001f]*(?:j\s*a\s*v\s*a|v\s*b)\s*s\s*c\s*r\s*i\s*p\s*t\s*:(?:\S|\s*[\w.]+\s?[(`=[])/i;
const markdownLink = /\]\(\s{0,20}([^\s()]{1,400})/g;
const activeStyle =
  /expression\s{0,9}\(|-moz-binding|behavior\s{0,9}:|javascript\s{0,9}:|@import\b|url\(\s{0,9}["']?\s{0,9}(?:javascript|data:text)/i;

/** Markup and script that would run in somebody else's browser. */
export const xss: AttackClass = {
  name: "xss",
  summary: "Puts markup or script into a page, where it runs as the person who looks at it.",
  stops: ["CWE-79", "CWE-80", "CWE-83", "CWE-116", "A03:2021"],
  places: everywhere,
  suspects: (traits) =>
    (traits & (trait.angle | trait.quote | trait.colon)) !== 0 &&
    (traits &
      (trait.comparison | trait.parenthesis | trait.backtick | trait.bracket | trait.semicolon | trait.colon)) !==
      0,
  judge({ text: whole, traits, profile }) {
    const text = profile === "typed" ? whole : withoutCode(whole);
    let score = 0;
    if (traits & trait.angle) for (const tag of tagsOf(text)) score = Math.max(score, scoreTag(tag, text, profile));
    // UTF-7, which a page without a declared encoding was once taken for.
    if (text.includes("+ADw-")) score = 5;
    if (traits & trait.colon) score = Math.max(score, scoreUrls(text));
    if (score < 5 && traits & (trait.quote | trait.angle) && profile !== "rich") {
      if (traits & trait.comparison && isLoose(text, profile) && attributeBreak.test(text)) score = 6;
      else if (isLoose(text, profile) && scriptBreak.test(text)) score = 5;
    }
    return score;
  },
  found: [
    "<script>alert(1)</script>",
    "<img/src=x/onerror=alert(1)>",
    '<a href="jav&#x09;ascript:alert(1)">x</a>',
    "<svg onload=alert(1)>",
    '" onmouseover="alert(1)',
    "';alert(1)//",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
  ],
  spared: [
    "a < b and b > c",
    "I <3 coffee",
    "JavaScript: The Good Parts",
    "Array<object>",
    "'on sale' = good",
    'he said "alert"; and left',
    "size (M), 'blue'",
  ],
};

/** In people's own words a break-out stands at the end of something short; a program has many lines. */
function isLoose(text: string, profile: Subject["profile"]): boolean {
  return profile === "typed" || (text.length <= 200 && !text.includes("\n"));
}

function scoreUrls(text: string): number {
  if (scriptUrl.test(text) || (/^\s*data:/i.test(text) && runsScript(text))) return 6;
  for (const [, url] of text.matchAll(markdownLink)) if (runsScript(url ?? "")) return 6;
  return 0;
}

function scoreTag(tag: HtmlTag, text: string, profile: Subject["profile"]): number {
  for (const { name, value } of tag.attributes) {
    if (/^\W{0,4}on[a-z]{3,}$/.test(name) && (value !== "" || tag.attributes.length > 0))
      return scoreListener(value, profile);
    if ((urlAttributes.has(name) || profile === "typed") && runsScript(value)) return 6;
    if (name === "srcdoc") return 6;
    if (name === "style" && activeStyle.test(value.replace(/\/\*[^*]{0,40}\*\//g, ""))) return 6;
  }
  if (tag.isEnd) return profile === "typed" && (active.has(tag.name) || structural.has(tag.name)) ? 5 : 0;
  if (tag.name === "script") return profile === "typed" ? 6 : scoreScript(tag, text, profile);
  if (tag.name === "meta")
    return tag.attributes.some(({ name }) => name === "http-equiv") ? 6 : profile === "typed" ? 5 : 0;
  if (tag.name === "iframe") return scoreFrame(tag, profile);
  // "Promise<object>" is a type of a program, "<object>" is an element.
  const isType = /\w/.test(text[tag.start - 1] ?? "");
  if (active.has(tag.name)) return (profile === "typed" && !isType) || tag.attributes.length > 0 ? 5 : 0;
  if (tag.name === "link") return tag.attributes.some(({ name }) => name === "href") ? 5 : 0;
  if (tag.name === "style")
    return activeStyle.test(text.slice(tag.end, tag.end + 500)) ? 5 : profile === "typed" ? 4 : 0;
  if (tag.name === "use" && tag.attributes.some(({ value }) => value.startsWith("data:"))) return 6;
  if (profile !== "typed") return 0;
  return structural.has(tag.name) ? 5 : formatting.has(tag.name) ? 2 : 0;
}

/** A listener with a value that could be a program; in a program of a framework, `onClick={…}` is none. */
function scoreListener(value: string, profile: Subject["profile"]): number {
  if (value.startsWith("{") && profile !== "rich") return profile === "typed" ? 3 : 0;
  return 6;
}

/** A script in people's own words: a word about the element, or a program with its source or its statements. */
function scoreScript(tag: HtmlTag, text: string, profile: Subject["profile"]): number {
  if (profile === "rich" || tag.attributes.some(({ name }) => name === "src")) return 6;
  return /[(=`[]/.test(text.slice(tag.end, tag.end + 40).split("</")[0] ?? "") ? 6 : 2;
}

/** Rich text embeds videos; a frame of the page's own making is another matter. */
function scoreFrame(tag: HtmlTag, profile: Subject["profile"]): number {
  if (profile === "typed") return 5;
  const source = tag.attributes.find(({ name }) => name === "src")?.value ?? "";
  return source === "" || /^(?:https:)?\/\//.test(source) ? 0 : 5;
}

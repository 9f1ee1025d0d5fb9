import { type AttackClass, type Place } from "../attack-class.ts";
import { trait } from "../traits.ts";

const places: readonly Place[] = ["path", "query", "body"];
const axes =
  /\b(?:child|parent|self|ancestor|descendant|following|preceding|attribute)(?:-or-self|-sibling)?::|\bposition\s{0,4}\(\s{0,4}\)\s{0,4}=|(?:string-length|name|substring|count)\s{0,4}\(\s{0,4}(?:\/\/?[\w*]|name\s{0,4}\()|\bname\s{0,4}\(\s{0,4}\)\s{0,4}=/i;
const union = /["']\s{0,4}\]\s{0,4}\|\s{0,4}\/\//;

/** Conditions and unions that are added to a query of an XML document. */
export const xpath: AttackClass = {
  name: "xpath",
  summary: "Ends a text of an XPath expression and adds a condition or another node set.",
  stops: ["CWE-643", "CWE-652", "A03:2021"],
  places,
  suspects: (traits) =>
    (traits & (trait.slash | trait.colon | trait.parenthesis)) !== 0 && (traits & (trait.quote | trait.bracket)) !== 0,
  judge({ text, profile }) {
    if (profile !== "typed" && text.length > 200) return 0;
    return union.test(text) ? 6 : /["'\]]\s{0,4}(?:or|and|\|)\s|\bor\s{1,4}\/\//i.test(text) && axes.test(text) ? 5 : 0;
  },
  found: ["' or count(/child::node())=1 or 'a'='b", "'] | //user/* | a['", "x' or name()='a' or 'x'='y"],
  spared: ["name (first)", "'position' or 'count'", "std::vector or 'x'", "https://example.com/['a']"],
};

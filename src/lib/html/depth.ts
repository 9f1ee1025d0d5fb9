/** Deeper than any text: browsers stop at 512, and some work on trees grows with the square of their depth. */
const maxDepth = 256;

/** A tag as far as depth goes. Comments and attributes are not told apart, which at worst counts too much. */
const tag = /<(\/?)([a-z][^\s/>]*)/gi;
/** Elements without content, and those that their next one ends: neither can stand in each other by themselves. */
const flat: ReadonlySet<string> = new Set([
  ...["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"],
  ...["colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rp", "rt", "tbody", "td", "tfoot", "th", "thead", "tr"],
]);

/**
 * Whether elements stand in each other deeper than a text needs: a cheap first look that spares the parser the documents
 * that are made to keep it busy. End tags count against their own name only, or `<div></b><div></b>…` would look flat.
 */
export function isTooDeep(html: string): boolean {
  if (html.length < maxDepth * 3) return false;
  const open = new Map<string, number>();
  let depth = 0;
  for (const [, slash, written = ""] of html.matchAll(tag)) {
    const name = written.toLowerCase();
    if (flat.has(name)) continue;
    const count = open.get(name) ?? 0;
    if (slash === "") {
      open.set(name, count + 1);
      if (++depth > maxDepth) return true;
    } else if (count > 0) {
      open.set(name, count - 1);
      depth -= 1;
    }
  }
  return false;
}

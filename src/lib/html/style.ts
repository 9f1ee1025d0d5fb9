/** Numbers, words, colours, lists of fonts; no backslash, no colon, no at-rule, no comment: nothing that names a place. */
const plainValue = /^[\w\s#%.,()'"+-]+$/;
const functions: ReadonlySet<string> = new Set(["rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp"]);
const nameSign = /[\w-]/;
/** Longer than any value of the properties that can be listed. */
const maxValueLength = 200;

/**
 * The declarations of a `style` attribute that may stay, written out again; empty when none may. A value that needs more
 * than plain characters, and so every `url(…)`, goes with its declaration: CSS that loads something tells others who reads.
 */
export function filterStyle(style: string, properties: ReadonlySet<string>): string {
  return style
    .split(";")
    .flatMap((declaration) => {
      const colon = declaration.indexOf(":");
      const property = declaration.slice(0, colon).trim().toLowerCase();
      const value = withoutImportant(declaration.slice(colon + 1).trim());
      return colon > 0 && properties.has(property) && isPlain(value) ? [`${property}: ${value}`] : [];
    })
    .join("; ");
}

/** What overrules the site's own style sheets is not for content to say. */
function withoutImportant(value: string): string {
  const word = "important";
  if (!value.toLowerCase().endsWith(word)) return value;
  const before = value.slice(0, -word.length).trimEnd();
  return before.endsWith("!") ? before.slice(0, -1).trimEnd() : value;
}

function isPlain(value: string): boolean {
  if (value.length > maxValueLength || !plainValue.test(value)) return false;
  return calledIn(value).every((name) => functions.has(name.toLowerCase())) && isBalanced(value);
}

/** The name in front of each opening bracket; brackets without one only group. */
function calledIn(value: string): string[] {
  return value
    .split("(")
    .slice(0, -1)
    .flatMap((before) => {
      let start = before.length;
      while (start > 0 && nameSign.test(before[start - 1] ?? "")) start -= 1;
      return start < before.length ? [before.slice(start)] : [];
    });
}

/** A quotation mark or bracket left open would take in what is declared next. */
function isBalanced(value: string): boolean {
  const count = (sign: string) => value.split(sign).length - 1;
  return count('"') % 2 === 0 && count("'") % 2 === 0 && count("(") === count(")");
}

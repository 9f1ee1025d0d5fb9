/** Numbers, words, colours, lists of fonts; no backslash, no colon, no at-rule, no comment: nothing that names a place. */
const plainValue = /^[\w\s#%.,()'"+-]+$/;
const functions: ReadonlySet<string> = new Set(["rgb", "rgba", "hsl", "hsla", "calc", "min", "max", "clamp"]);
const call = /([\w-]*)\(/g;
const important = /\s*!\s*important\s*$/i;

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
      const value = declaration
        .slice(colon + 1)
        .replace(important, "")
        .trim();
      return colon > 0 && properties.has(property) && isPlain(value) ? [`${property}: ${value}`] : [];
    })
    .join("; ");
}

function isPlain(value: string): boolean {
  if (value.length > 200 || !plainValue.test(value)) return false;
  for (const [, name = ""] of value.matchAll(call)) if (name !== "" && !functions.has(name.toLowerCase())) return false;
  return isBalanced(value);
}

/** A quotation mark or bracket left open would take in what is declared next. */
function isBalanced(value: string): boolean {
  const count = (sign: string) => value.split(sign).length - 1;
  return count('"') % 2 === 0 && count("'") % 2 === 0 && count("(") === count(")");
}

/**
 * What may begin markup (WHATWG HTML, data state and tag open state): a less-than sign before a letter, `/`, `!` or `?`.
 * Everywhere else it is a character like any other, as in `a < b` and `I <3 you`. At the very end it could become one with
 * what is put behind; before a NUL, with what stands behind that: parsers and databases drop it, each in its own way.
 */
const markup = /<(?:[a-z/!?\0]|$)/i;

/** Whether a browser could read anything of it as markup. False is certain: it is text, the same before and after. */
export function mayHoldMarkup(text: string): boolean {
  return markup.test(text);
}

/**
 * Writes text as HTML that reads as that text, with as few character references as can be: `AT & T`, `a < b` and quotation
 * marks stay what they are, so that the same value looks right where a frontend shows it as text.
 */
export function writePlainText(text: string): string {
  return text
    .replace(/&(?=[a-z#])/gi, "&amp;")
    .replace(/<(?=[a-z/!?])/gi, "&lt;")
    .replace(/<$/, "&lt;");
}

/** The text that serialised HTML without tags stands for (WHATWG HTML, escaping a string): four references, no more. */
export function readEscapedText(html: string): string {
  return html.replace(/&(amp|lt|gt|nbsp);/g, (_, name: keyof typeof characters) => characters[name]);
}

const characters = { amp: "&", lt: "<", gt: ">", nbsp: "\u00a0" } as const;

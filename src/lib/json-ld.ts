/** What could end a script element, begin a comment in one, or end a line of one: as the escapes that JSON has for it. */
const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * Writes data as JSON that cannot break out of a script element, whatever its texts hold: `</script>`, `<!--`, and line
 * ends that only JavaScript knows. It reads as the same data. For JSON-LD, and for any state that a page carries along.
 * @throws TypeError for what JSON cannot hold: a circle, a bigint, nothing at all
 */
export function jsonLd(value: unknown): string {
  const json = JSON.stringify(value) as string | undefined;
  if (json === undefined) throw new TypeError("there is no JSON for a function, a symbol or undefined");
  return json.replace(/[<>&\u2028\u2029]/g, (character) => escapes[character] ?? "");
}

/**
 * The whole script element for templates that take HTML: `{@html jsonLdElement(data)}`. A data block runs nothing, so no
 * content security policy asks it for a nonce (WHATWG HTML, prepare the script element, step 13).
 */
export function jsonLdElement(value: unknown): string {
  return `<script type="application/ld+json">${jsonLd(value)}</script>`;
}

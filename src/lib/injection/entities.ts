/** The named references that attacks hide characters behind; letters and symbols of prose do not matter here. */
const named: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  colon: ":",
  sol: "/",
  bsol: "\\",
  lpar: "(",
  rpar: ")",
  lbrace: "{",
  lcub: "{",
  rcub: "}",
  lsqb: "[",
  rsqb: "]",
  tab: "\t",
  newline: "\n",
  semi: ";",
  equals: "=",
  grave: "`",
  nbsp: " ",
  period: ".",
  comma: ",",
  excl: "!",
  num: "#",
  dollar: "$",
  percnt: "%",
};

const reference = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi;

/** Replaces character references as a browser does, with or without the semicolon (HTML section 13.2.5.72). */
export function decodeEntities(text: string): string {
  return text.replace(reference, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return named[name.toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

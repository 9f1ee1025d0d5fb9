/**
 * What kinds of characters a text has, as bits: one pass over a text decides which attacks it cannot be. Most values of
 * most requests are letters, digits and spaces, and cost nothing more than this pass.
 */
export const trait = {
  quote: 1,
  angle: 2,
  ampersand: 4,
  percent: 8,
  dollar: 16,
  brace: 32,
  parenthesis: 64,
  semicolon: 128,
  pipe: 256,
  backtick: 512,
  slash: 1024,
  colon: 2048,
  comparison: 4096,
  backslash: 8192,
  lineBreak: 16_384,
  control: 32_768,
  beyondAscii: 65_536,
  dot: 131_072,
  underscore: 262_144,
  star: 524_288,
  hash: 1_048_576,
  at: 2_097_152,
  bracket: 4_194_304,
  digit: 8_388_608,
  space: 16_777_216,
  minus: 33_554_432,
} as const;

const byCharacter: Readonly<Record<string, number>> = {
  "'": trait.quote,
  '"': trait.quote,
  "<": trait.angle | trait.comparison,
  ">": trait.comparison,
  "=": trait.comparison,
  "!": trait.comparison,
  "&": trait.ampersand,
  "%": trait.percent,
  $: trait.dollar,
  "{": trait.brace,
  "}": trait.brace,
  "(": trait.parenthesis,
  ")": trait.parenthesis,
  ";": trait.semicolon,
  "|": trait.pipe,
  "`": trait.backtick,
  "/": trait.slash,
  ":": trait.colon,
  "\\": trait.backslash,
  "\n": trait.lineBreak,
  "\r": trait.lineBreak,
  ".": trait.dot,
  _: trait.underscore,
  "*": trait.star,
  "#": trait.hash,
  "@": trait.at,
  "[": trait.bracket,
  "]": trait.bracket,
  " ": trait.space,
  "\t": trait.space,
  "-": trait.minus,
};

const classes = new Int32Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  const isControl = code < 0x20 || code === 0x7f;
  classes[code] =
    byCharacter[character] ?? (isControl ? trait.control : code >= 0x30 && code <= 0x39 ? trait.digit : 0);
}

/** The traits of a text, or-ed together: 0 for letters alone. */
export function traitsOf(text: string): number {
  let found = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    found |= code < 128 ? (classes[code] ?? 0) : trait.beyondAscii;
  }
  return found;
}

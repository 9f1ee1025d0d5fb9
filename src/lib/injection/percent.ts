/**
 * Percent-decodes what is valid and leaves the rest: a server that decodes once more than it should sees this text. Bytes
 * that are not UTF-8 stay as they are, but for the over-long forms of `/`, `.` and `\` that lenient decoders took.
 */
export function decodePercent(text: string): string {
  if (!/%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i.test(text)) return text;
  const plain = text
    .replace(/%c0%(?:af|2f|5c)|%e0%80%af|%c1%9c|%u(?:2215|2216|efc8|f025)/gi, "/")
    .replace(/%c0%(?:ae|2e)|%e0%80%ae/gi, ".")
    // A form that is decoded once more has spaces in place of its plus signs.
    .replaceAll("+", " ")
    .replace(/%u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return plain.replace(/(?:%[0-9a-f]{2})+/gi, decodeRun);
}

function decodeRun(run: string): string {
  try {
    return decodeURIComponent(run);
  } catch {
    // One bad byte must not hide its neighbours: what is ASCII is decoded all the same.
    return run.replace(/%[0-7][0-9a-f]/gi, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
  }
}

/**
 * Percent-decodes what is valid and leaves the rest: a server that decodes once more than it should sees this text. Bytes
 * that are not UTF-8 stay as they are, but for the over-long forms of `/`, `.` and `\` that lenient decoders took.
 */
export function decodePercent(text: string): string {
  const plain = text
    .replace(/%c0%af|%e0%80%af|%c1%9c|%u2215|%u2216|%uff0f/gi, "/")
    .replace(/%c0%ae|%e0%80%ae/gi, ".")
    .replace(/%u00([0-9a-f]{2})/gi, "%$1");
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

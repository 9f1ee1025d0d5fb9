/**
 * The value of one cookie out of a `Cookie` field (RFC 6265 section 5.4). Undefined where it is not there, and where it
 * stands there twice: then nobody can say which of the two the site has set.
 */
export function readCookie(field: string, name: string): string | undefined {
  let value: string | undefined;
  for (const [found, text] of pairsOf(field)) {
    if (found !== name) continue;
    if (value !== undefined) return undefined;
    value = text;
  }
  return value;
}

/** The field without the cookies whose names pass the test; undefined where none is left. */
export function withoutCookies(field: string, test: (name: string) => boolean): string | undefined {
  const kept = pairsOf(field).filter(([name]) => !test(name));
  return kept.length === 0 ? undefined : kept.map(([name, value]) => `${name}=${value}`).join("; ");
}

function pairsOf(field: string): readonly (readonly [name: string, value: string])[] {
  return field.split(";").map((part) => {
    const equals = part.indexOf("=");
    return equals < 0 ? ["", part.trim()] : [part.slice(0, equals).trim(), part.slice(equals + 1).trim()];
  });
}

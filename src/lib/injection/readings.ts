import { decodeEntities } from "./entities.ts";
import { decodePercent } from "./percent.ts";
import { trait, traitsOf } from "./traits.ts";

/** A text as somebody behind the gateway may read it. */
export interface Reading {
  readonly text: string;
  readonly traits: number;
}

/** What may stand for another character: an escape, or a character that folds to one. */
const mayDecode = trait.percent | trait.ampersand | trait.backslash | trait.beyondAscii | trait.control;

/**
 * The text as it came and as it reads decoded: percent-encoding twice, JavaScript escapes, character references,
 * compatibility forms (fullwidth letters and the like, which databases and frameworks fold), without zero bytes and
 * invisible characters. Three readings at most, each linear in the text.
 *
 * `html`: the text is HTML, in which character references are how a text is made harmless; they stay.
 */
export function readingsOf(text: string, traits: number, html: boolean): readonly Reading[] {
  const asItCame: Reading = { text, traits };
  if ((traits & mayDecode) === 0) return [asItCame];
  const decoded = decode(text, traits, html);
  const folded = fold(decoded);
  const readings = [asItCame];
  if (decoded !== text) readings.push({ text: decoded, traits: traitsOf(decoded) });
  if (folded !== decoded) readings.push({ text: folded, traits: traitsOf(folded) });
  return readings;
}

function decode(text: string, traits: number, html: boolean): string {
  let decoded = text;
  if (traits & trait.percent) {
    decoded = decodePercent(text);
    if (decoded !== text && decoded.includes("%")) decoded = decodePercent(decoded);
  }
  if (traits & trait.backslash) decoded = decodeBackslashes(decoded);
  if (!html && decoded.includes("&")) decoded = decodeEntities(decoded);
  return decoded;
}

function decodeBackslashes(text: string): string {
  return text
    .replace(/\\u\{?00([0-9a-f]{2})\}?|\\x([0-9a-f]{2})/gi, (_, unicode?: string, hex?: string) =>
      String.fromCharCode(Number.parseInt(unicode ?? hex ?? "", 16)),
    )
    .replace(/\\r\\n|\\r/g, "\r\n")
    .replace(/\\n/g, "\n");
}

/** Soft hyphens, zero-width characters, directional marks and zero bytes: nothing that a reader sees. */
// oxlint-disable-next-line no-misleading-character-class -- single code points, listed to be removed one by one
const invisible = /[\u0000\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
/** Blocks with compatibility forms of ASCII: letter-like and enclosed characters, small and fullwidth forms, styled letters. */
const compatible = /[\u00a0\u2000-\u206f\u2100-\u214f\u2460-\u24ff\u3000-\u3002\ufe30-\ufe6f\uff00-\uffef]|\ud835/;

function fold(text: string): string {
  const visible = text.replace(invisible, "");
  return compatible.test(visible) ? visible.normalize("NFKC").replaceAll("。", ".") : visible;
}

import { createByteFinder } from "./byte-finder.ts";
import type { TokenFormat } from "./token-format.ts";

/** Looks for tokens in bytes. Time is linear in the input's length: patterns run only around a trigger. */
export interface TokenScanner {
  /**
   * Calls `found` for each token until it returns true; the same place may be reported twice. Where more `follows`, what
   * ends with the bytes is not reported: it may be part of something longer that is no token.
   */
  scan(bytes: Uint8Array, found: (format: TokenFormat) => boolean, follows?: boolean): boolean;
  /** How many bytes at the end may belong to a token that goes on behind them; formats of class `critical` only. */
  openAtEnd(bytes: Uint8Array): number;
}

/** How near the context has to be. */
const contextDistance = 40;
/** Longer runs of hex digits are data, not tokens. */
const maxHexRun = 2048;

const latin1 = new TextDecoder("latin1");

interface Trigger {
  readonly text: string;
  readonly format: TokenFormat;
}

/** Makes a scanner for these formats; those of class `public` are left out. */
export function createTokenScanner(formats: readonly TokenFormat[]): TokenScanner {
  const wanted = formats.filter((format) => format.class !== "public");
  const triggers = wanted.flatMap(({ triggers: texts, ...format }): Trigger[] =>
    "hexRun" in texts ? [] : texts.map((text) => ({ text, format: { triggers: texts, ...format } })),
  );
  const runs = wanted.flatMap((format) =>
    "hexRun" in format.triggers ? [{ format, length: format.triggers.hexRun }] : [],
  );
  const shortestRun = Math.min(...runs.map(({ length }) => length));
  const finder = createByteFinder(triggers.map(({ text }) => text));
  const critical = triggers.filter(({ format }) => format.class === "critical");
  const criticalFinder = createByteFinder(critical.map(({ text }) => text));
  const longestCritical = Math.max(0, ...critical.map(({ format }) => format.maxLength));

  function scanRuns(bytes: Uint8Array, found: (format: TokenFormat) => boolean, follows: boolean): boolean {
    const step = shortestRun >> 1;
    for (let at = step; at < bytes.length; at += step) {
      if (!isHex(bytes[at])) continue;
      let start = at;
      while (start > 0 && isHex(bytes[start - 1])) start -= 1;
      let end = at + 1;
      while (end < bytes.length && isHex(bytes[end])) end += 1;
      const length = end - start;
      if (length >= shortestRun && length <= maxHexRun) {
        for (const run of runs) {
          if (length >= run.length && standsIn(bytes, run.format, { start, end, follows }))
            if (found(run.format)) return true;
        }
      }
      at = Math.max(at, end - (end % step));
    }
    return false;
  }

  return {
    scan(bytes, found, follows = false) {
      // Where the same context stands in many places, each stretch of the text is looked at a bounded number of times.
      let seen: Map<TokenFormat, number> | undefined;
      const visit = (at: number, index: number) => {
        const { format, text } = triggers[index] as Trigger;
        if (format.context) {
          if (at < (seen?.get(format) ?? 0)) return false;
          (seen ??= new Map()).set(format, at + contextDistance);
        }
        return standsIn(bytes, format, { start: at, end: at + text.length, follows }) && found(format);
      };
      return finder.search(bytes, visit) || (runs.length > 0 && scanRuns(bytes, found, follows));
    },
    openAtEnd(bytes) {
      const start = Math.max(0, bytes.length - longestCritical);
      const tail = bytes.subarray(start);
      let open = criticalFinder.beginningAtEnd(tail);
      criticalFinder.search(tail, (at, index) => {
        const { format } = critical[index] as Trigger;
        if (at + format.maxLength > tail.length) open = Math.max(open, tail.length - at + (format.lead ?? 0));
        return false;
      });
      return Math.min(bytes.length, Math.max(open, openRun(bytes)));
    },
  };
}

/** Whether a token of that format stands around the trigger between `start` and `end`. */
function standsIn(
  bytes: Uint8Array,
  format: TokenFormat,
  { start, end, follows }: { readonly start: number; readonly end: number; readonly follows: boolean },
): boolean {
  const { context, lead = 0, maxLength, pattern, triggers } = format;
  const before = context ? contextDistance + maxLength : "hexRun" in triggers ? maxLength : lead + 1;
  const after = context ? contextDistance + maxLength : maxLength + 1;
  const text = latin1.decode(bytes.subarray(Math.max(0, start - before), end + after));
  const isOpen = follows && end + after >= bytes.length;
  if (!context) {
    const match = pattern.exec(text);
    return match !== null && !(isOpen && match.index + match[0].length === text.length);
  }
  for (const match of text.matchAll(new RegExp(pattern, "g"))) {
    const near = text.slice(
      Math.max(0, match.index - contextDistance),
      match.index + match[0].length + contextDistance,
    );
    if (context.test(near)) return true;
  }
  return false;
}

/** Hex digits and colons at the end: what may be the beginning of a key made of them, with the letters before it. */
function openRun(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0 && bytes.length - at < 90 && (isHex(bytes[at - 1]) || bytes[at - 1] === 0x3a)) at -= 1;
  const length = bytes.length - at;
  return length < 24 ? 0 : length + 3;
}

function isHex(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66));
}

/** Finds texts of ASCII or UTF-8 in bytes. Time is linear in the input's length, whatever it holds. */
export interface ByteFinder {
  /** Calls `found` for each place at which a text stands, with the index of the text, until it returns true. */
  search(bytes: Uint8Array, found: (at: number, index: number) => boolean): boolean;
  /** How many bytes at the end may be the beginning of a text that goes on behind them. */
  beginningAtEnd(bytes: Uint8Array): number;
}

interface Candidate {
  readonly text: Uint8Array;
  readonly index: number;
  /** Where in the text the pair stands. */
  readonly offset: number;
}

const encoder = new TextEncoder();

/**
 * Makes a finder of these texts, none of them shorter than two bytes.
 *
 * Any `n` bytes in a row cover one of every `n - 1` pairs of neighbouring bytes, so only those pairs are looked at, by one
 * table for all texts, made of the rarest `n` bytes of each: in nearly every place that is all there is to do.
 */
export function createByteFinder(texts: readonly string[]): ByteFinder {
  const encoded = texts.map((text) => encoder.encode(text));
  const stride = Math.min(...encoded.map(({ length }) => length), 65) - 1;
  const longest = Math.max(0, ...encoded.map(({ length }) => length));
  /** By pair: which of `candidates` it belongs to; most belong to none. */
  const known = new Uint16Array(encoded.length === 0 ? 0 : 65_536);
  const candidates: Candidate[][] = [[]];
  for (const [index, text] of encoded.entries()) {
    const rarest = rarestWindow(text, stride);
    for (let offset = rarest; offset < rarest + stride; offset += 1) {
      const pair = pairAt(text, offset);
      const group = known[pair] || candidates.push([]) - 1;
      known[pair] = group;
      candidates[group]?.push({ text, index, offset });
    }
  }
  const firsts = new Uint8Array(256);
  for (const text of encoded) firsts[text[0] ?? 0] = 1;

  return {
    search(bytes, found) {
      if (known.length === 0) return false;
      for (let at = stride - 1, end = bytes.length - 1; at < end; at += stride) {
        const group = known[((bytes[at] as number) << 8) | (bytes[at + 1] as number)] as number;
        if (group === 0) continue;
        const fitting = candidates[group] as Candidate[];
        for (let which = 0; which < fitting.length; which += 1) {
          const { text, index, offset } = fitting[which] as Candidate;
          if (standsAt(bytes, at - offset, text, text.length) && found(at - offset, index)) return true;
        }
      }
      return false;
    },
    beginningAtEnd(bytes) {
      for (let at = Math.max(0, bytes.length - longest + 1); at < bytes.length; at += 1) {
        if (firsts[bytes[at] as number] === 0) continue;
        const length = bytes.length - at;
        if (encoded.some((text) => text.length > length && standsAt(bytes, at, text, length))) return length;
      }
      return 0;
    },
  };
}

/** Pairs of letters that stand everywhere in words and in code. */
const commonPairs = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne " +
    "ea ra ce li ch ll be ma si om ur ct ec la el ta lo ss us et pa tr na un id"
  ).split(" "),
);

/** Where the `length` neighbouring pairs of a text begin that stand in other texts least often. */
function rarestWindow(text: Uint8Array, length: number): number {
  const costs = Array.from({ length: text.length - 1 }, (_, at): number => {
    const pair = String.fromCharCode(text[at] ?? 0, text[at + 1] ?? 0);
    if (commonPairs.has(pair)) return 8;
    return /[a-z]{2}/.test(pair) ? 1 : 0;
  });
  let best = 0;
  let bestCost = Number.POSITIVE_INFINITY;
  for (let start = 0; start + length <= costs.length; start += 1) {
    const cost = costs.slice(start, start + length).reduce((sum, one) => sum + one, 0);
    if (cost < bestCost) [best, bestCost] = [start, cost];
  }
  return best;
}

function pairAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function standsAt(bytes: Uint8Array, start: number, text: Uint8Array, length: number): boolean {
  if (start < 0) return false;
  for (let at = 0; at < length; at += 1) if (bytes[start + at] !== text[at]) return false;
  return true;
}

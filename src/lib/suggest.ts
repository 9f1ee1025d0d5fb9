/**
 * The known word that a misspelt one most likely means, or nothing when none is near: a wrong suggestion is worse than
 * none. Case does not count; swapped neighbours are one mistake.
 */
export function suggest(unknown: string, known: readonly string[]): string | undefined {
  const wanted = unknown.toLowerCase();
  // One mistake in a short word, a third of the letters in a longer one.
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  let found: string | undefined;
  for (const word of known) {
    if (Math.abs(word.length - wanted.length) >= best) continue;
    const distance = countEdits(wanted, word.toLowerCase());
    // A word of which no letter stays is another word.
    if (distance >= best || distance >= Math.max(wanted.length, word.length)) continue;
    best = distance;
    found = word;
  }
  return found;
}

/** Insertions, deletions, replacements and swaps of neighbours between two words (optimal string alignment). */
function countEdits(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      let edits = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      if (from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        edits = Math.min(edits, at(beforePrevious, column - 2) + 1);
      }
      current.push(edits);
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, to.length);
}

/** A cell of a row; infinitely far outside of it. */
function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}

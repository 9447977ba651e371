// What somebody who mistyped a word most likely meant.

/** The known word that is closest to `word`, if one is close enough to be meant by it. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const limit = Math.max(1, Math.floor(word.length / 3));
  return known
    .map((candidate) => ({ candidate, distance: editDistance(plain(word), plain(candidate)) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
};

/** `; did you mean files?`, or what there is. */
export const suggestion = (word: string, known: readonly string[], kind: string): string => {
  const meant = nearest(word, known);
  return meant === undefined ? `; known ${kind}: ${known.join(', ')}` : `; did you mean ${meant}?`;
};

/** `keep_previous` and `keepPrevious` are the same word. */
const plain = (word: string): string => word.toLowerCase().replace(/[-_]/g, '');

/** How many letters must be added, taken out or replaced, or neighbours swapped, to get from one word to the other. */
const editDistance = (from: string, to: string): number => {
  let previous: number[] = [];
  let current = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      next[column] = Math.min(
        at(next, column - 1) + 1,
        at(current, column) + 1,
        at(current, column - 1) + (same ? 0 : 1),
        swapped ? at(previous, column - 2) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [previous, current] = [current, next];
  }
  return at(current, to.length);
};

const at = (row: readonly number[], column: number): number => row[column] ?? Number.POSITIVE_INFINITY;

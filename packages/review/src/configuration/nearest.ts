/** The one of some words that was probably meant by another; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const lower = word.toLowerCase();
  // A longer word can't be near; so a hostile one costs nothing.
  const near = known
    .filter((each) => Math.abs(each.length - word.length) <= 2)
    .map((each) => ({ each, distance: editDistance(lower, each.toLowerCase()) }))
    .filter(({ each, distance }) => distance <= (each.length <= 4 ? 1 : 2))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.each;
}

/** How many letters must be put in, taken out or replaced (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === b[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

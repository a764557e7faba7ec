/** So many are compared with every memory; each costs microseconds for each. */
const most = 12;
const shortest = 5;

/** The words of a text that are worth looking for by their letters: names of code first, then the longest. */
export function namesOf(text: string): string[] {
  const words = [...new Set(text.match(/[\p{L}\p{M}\p{N}_$]+/gu))].filter((word) => word.length >= shortest);
  return words
    .toSorted((a, b) => Number(isName(b)) - Number(isName(a)) || b.length - a.length)
    .slice(0, most);
}

/** `parseDate`, `parse_date`, `sha256`. */
function isName(word: string): boolean {
  return /\p{Ll}\p{Lu}|[\p{N}_$]/u.test(word);
}

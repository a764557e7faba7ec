/** Cuts `text` to `length` characters, visibly, and never through the middle of a character. */
export function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${firstCharacters(text, length - 1)}…`;
}

/** The first `length` UTF-16 units, less one where that would cut a character in two. */
export function firstCharacters(text: string, length: number): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text[length - 1] ?? "") ? length - 1 : length);
}

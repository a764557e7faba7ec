/** What manuals and tests write where a secret goes, and what programs put one in by. */
const placeholder =
  /^(?:x+|\*+|\.+|-+)$|[<>{}()]|\$\w|%\w|\[secret:|x{6}|\*{4}|\.\.\.|…|your|change.?me|example|placeholder|dummy|redacted|replace.?me|insert|1234567|abc[-_]?1|abcdef|process\.env|(?:pass)?word$/i;

/** What is no secret though it has letters and digits: an address, a path, a moment. */
const told = /^(?:[a-z][a-z\d+.-]*:)?\/\/?\w|^\.{0,2}\/|^\d{4}-\d\d-\d\d[T ]|^v?\d+\.\d+\.\d+/i;

/** Whether text behind a name such as `password` is a secret of nobody: a word, a variable, a sample. */
export function isPlaceholder(text: string): boolean {
  return placeholder.test(text);
}

/** A word as people and identifiers have them. */
const word = /[A-Z][a-z]{3,}|[a-z]{4,}|[A-Z]{4,}/g;

/**
 * Whether a text looks as if lots were drawn for it: letters and digits (or, where it is short, signs and both cases),
 * few of which make words, and none too often.
 */
export function looksRandom(text: string): boolean {
  if (isPlaceholder(text) || told.test(text)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z\d]/].filter((each) => each.test(text)).length;
  if (text.length < 8 || classes < (text.length < 16 ? 3 : 2)) return false;
  if (!/\d/.test(text) && (text.length < 20 || !/[A-Z]/.test(text) || !/[a-z]/.test(text))) return false;
  const inWords = (text.match(word) ?? []).reduce((sum, each) => sum + each.length, 0);
  return inWords / text.length <= 0.6 && bitsOf(text) >= (text.length < 16 ? 2.5 : 3);
}

/** Shannon's entropy of a character, in bits, by how often each one is in the text. */
function bitsOf(text: string): number {
  const counts = [...Map.groupBy(text, (character) => character).values()].map(({ length }) => length);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((bits, count) => bits - (count / total) * Math.log2(count / total), 0);
}

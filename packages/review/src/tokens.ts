import { countTokens as countO200k } from "gpt-tokenizer/encoding/o200k_base";

/**
 * What a count by the o200k encoding is multiplied with: models of other makers, whose encodings are not
 * public, need up to about this many times as many tokens for the same text.
 */
const tokenMargin = 1.18;

/** The encoder's time grows with the square of an unbroken run's length: 10 s for 100,000 letters. */
const longestRun = 2_000;

/** Text from a diff may hold what an encoding keeps for itself, such as `<|endoftext|>`: it is text here. */
const asText = { disallowedSpecial: new Set<string>() };

/** How many tokens of a model's budget `text` takes, with the margin. Safe for text of any kind. */
export function countTokens(text: string): number {
  return withMargin(countBareTokens(text));
}

/** The same without the margin. Additive over whole lines that do not begin with white space. */
export function countBareTokens(text: string): number {
  if (text.length <= longestRun) return countO200k(text, asText);
  let tokens = 0;
  for (const [piece] of text.matchAll(/[^\n]{1,2000}\n?|\n+/g)) tokens += countO200k(piece, asText);
  return tokens;
}

/** Tokens with the margin, rounded up. */
export function withMargin(bareTokens: number): number {
  return Math.ceil(bareTokens * tokenMargin);
}

/** The bare tokens that a budget with the margin leaves. */
export function withoutMargin(tokens: number): number {
  return Math.floor(tokens / tokenMargin);
}

/** US dollars for a million tokens. */
export interface Price {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
}

/**
 * List prices by the model's whole name without its date: the names of two models may begin alike. From the vendor's
 * price list (https://platform.claude.com/docs/en/about-claude/pricing), as of November 2026; cache writes are those
 * of five minutes. A model whose price depends on the length of its prompt (Haiku 5.5) is left out, since no figure
 * is better than a wrong one.
 */
const prices: ReadonlyMap<string, Price> = new Map([
  ["claude-fable-5-1", { input: 10, cacheRead: 0.25, cacheWrite: 12.5, output: 50 }],
  ["claude-fable-5", { input: 10, cacheRead: 1, cacheWrite: 12.5, output: 50 }],
  ["claude-opus-5-5", { input: 4, cacheRead: 0.2, cacheWrite: 5, output: 20 }],
  ["claude-opus-5", { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 }],
  ["claude-opus-4-8", { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 }],
  ["claude-opus-4-7", { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 }],
  ["claude-opus-4-6", { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 }],
  ["claude-opus-4-5", { input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 25 }],
  ["claude-sonnet-5-5", { input: 2, cacheRead: 0.1, cacheWrite: 2.5, output: 10 }],
  ["claude-sonnet-5", { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 10 }],
  ["claude-sonnet-4-6", { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 }],
  ["claude-sonnet-4-5", { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 }],
  ["claude-sonnet-4-0", { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 }],
  ["claude-sonnet-4", { input: 3, cacheRead: 0.3, cacheWrite: 3.75, output: 15 }],
  ["claude-haiku-4-5", { input: 1, cacheRead: 0.1, cacheWrite: 1.25, output: 5 }],
]);

/** Tokens by what they cost. `inputTokens` contains the two cache figures. */
export interface PricedTokens {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** The list price of a model; undefined where it is not known. */
export function listPrice(model: string): Price | undefined {
  return prices.get(model.replace(/-\d{8}$/, ""));
}

/**
 * A price of which only input and output are told. What a provider asks for its cache is not: never more than this for
 * what is read from it, and a quarter more, as Anthropic does, for what is written.
 */
export function plainPrice({ input, output }: Pick<Price, "input" | "output">): Price {
  return { input, output, cacheRead: input, cacheWrite: input * 1.25 };
}

/** What the tokens cost, in US dollars. */
export function costUsd(price: Price, tokens: PricedTokens): number {
  const fresh = tokens.inputTokens - tokens.cachedInputTokens - tokens.cacheWriteTokens;
  const dollars =
    fresh * price.input +
    tokens.cachedInputTokens * price.cacheRead +
    tokens.cacheWriteTokens * price.cacheWrite +
    tokens.outputTokens * price.output;
  return dollars / 1_000_000;
}

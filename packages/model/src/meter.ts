import { countTokens } from "@nectr/review";
import { costUsd, type Price, type PricedTokens } from "./prices.ts";
import type { ModelUsage } from "./review-model.ts";

/** What one call of the model took, as its provider reports it. */
interface ReportedUsage {
  readonly inputTokens: {
    readonly total: number | undefined;
    readonly cacheRead: number | undefined;
    readonly cacheWrite: number | undefined;
  };
  readonly outputTokens: { readonly total: number | undefined };
}

/** Counts what is paid for one review of a chunk, whatever becomes of it. */
export interface Meter {
  /** `said`: question and answer, by which a call is counted of which the provider reports nothing. */
  add(usage: ReportedUsage, said: { readonly prompt: unknown; readonly answer: unknown }): void;
  /** Calls so far. */
  steps(): number;
  usage(): ModelUsage;
  /** Whether two calls more, each as costly as the last one, keep within so many dollars. */
  allowsTwoMore(maxCostUsd: number): boolean;
}

/** @param price undefined: tokens are counted, and cost nothing that is known. */
export function createMeter(price: Price | undefined): Meter {
  const calls: PricedTokens[] = [];
  const sum = (of: (tokens: PricedTokens) => number) => calls.reduce((total, each) => total + of(each), 0);
  const costOf = (tokens: PricedTokens) => (price === undefined ? undefined : costUsd(price, tokens));
  const usage = (): ModelUsage => {
    const inputTokens = sum((each) => each.inputTokens);
    const cachedInputTokens = sum((each) => each.cachedInputTokens);
    const cacheWriteTokens = sum((each) => each.cacheWriteTokens);
    const outputTokens = sum((each) => each.outputTokens);
    const cost = costOf({ inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens });
    return { inputTokens, cachedInputTokens, outputTokens, costUsd: cost };
  };
  return {
    add({ inputTokens, outputTokens }, { prompt, answer }) {
      calls.push({
        // A budget must not stay whole because a server reports nothing.
        inputTokens: inputTokens.total ?? countTokens(JSON.stringify(prompt)),
        cachedInputTokens: inputTokens.cacheRead ?? 0,
        cacheWriteTokens: inputTokens.cacheWrite ?? 0,
        outputTokens: outputTokens.total ?? countTokens(JSON.stringify(answer)),
      });
    },
    steps: () => calls.length,
    usage,
    allowsTwoMore(maxCostUsd) {
      const last = calls.at(-1);
      const lastUsd = last === undefined ? 0 : (costOf(last) ?? 0);
      return (usage().costUsd ?? 0) + 2 * lastUsd <= maxCostUsd;
    },
  };
}

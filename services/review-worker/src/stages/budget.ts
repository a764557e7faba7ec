import type { Price } from "@nectr/model";
import { countTokens, type Silence } from "@nectr/review";
import type { Spent } from "../spend-store.ts";

/** What may be spent on the model, in US dollars; absent for no bound. */
export interface Budgets {
  readonly pullRequestUsd?: number | undefined;
  /** In a calendar month, by UTC, as the next one. */
  readonly repositoryUsd?: number | undefined;
  readonly monthUsd?: number | undefined;
}

/** Tokens of an answer, thinking included, where nobody knows it yet. */
const usualAnswerTokens = 2_000;

/** What a call with this prompt will cost at least, and usually, in US dollars. */
export function estimateUsd(
  price: Price,
  { instructions, prompt }: { readonly instructions: string; readonly prompt: string },
): number {
  const inputTokens = countTokens(instructions) + countTokens(prompt);
  return (inputTokens * price.input + usualAnswerTokens * price.output) / 1_000_000;
}

/**
 * Whether a call may be made, and with how many dollars at most.
 * @param nextUsd what it is estimated to cost.
 */
export function decideSpend(
  budgets: Budgets,
  spent: Spent,
  nextUsd: number,
): { readonly allowedUsd: number } | { readonly refusal: Silence } {
  const all = boundsOf(budgets, spent);
  const over = all.find(({ usd, spentUsd }) => spentUsd + nextUsd > usd);
  if (over === undefined) return { allowedUsd: Math.min(...all.map(({ usd, spentUsd }) => usd - spentUsd)) };
  const figures = over.secret
    ? ""
    : `: it has cost ${dollars(over.spentUsd)} so far, and the next part would cost about ${dollars(nextUsd)}`;
  return {
    refusal: {
      brief: "the model's budget is spent",
      sentence: `The model's budget ${over.words} is spent${figures}. Whoever runs Nectr can raise ${over.variable}.`,
    },
  };
}

interface Bound {
  readonly usd: number;
  readonly spentUsd: number;
  readonly words: string;
  readonly variable: string;
  readonly secret?: boolean;
}

function boundsOf({ pullRequestUsd, repositoryUsd, monthUsd }: Budgets, spent: Spent): Bound[] {
  const bounds: Bound[] = [];
  if (pullRequestUsd !== undefined) {
    bounds.push({
      usd: pullRequestUsd,
      spentUsd: spent.pullRequest,
      words: `of ${dollars(pullRequestUsd)} for this pull request`,
      variable: "MODEL_BUDGET_PER_PULL_REQUEST",
    });
  }
  if (repositoryUsd !== undefined) {
    bounds.push({
      usd: repositoryUsd,
      spentUsd: spent.repository,
      words: `of ${dollars(repositoryUsd)} for this repository in this month`,
      variable: "MODEL_BUDGET_PER_REPOSITORY",
    });
  }
  if (monthUsd !== undefined) {
    bounds.push({
      usd: monthUsd,
      spentUsd: spent.month,
      words: "for this month",
      variable: "MODEL_BUDGET_PER_MONTH",
      // What other repositories cost is not for the readers of this one.
      secret: true,
    });
  }
  return bounds;
}

/** Each dollar sign behind a space: GitHub takes what stands between others for mathematics. */
function dollars(usd: number): string {
  return `$${usd > 0 && usd < 0.01 ? usd.toPrecision(1) : usd.toFixed(2)}`;
}

import type { ModelError } from "@nectr/model";
import type { Silence } from "@nectr/review";
import type { Outage } from "./model-away.ts";

/** @param outage that the review has waited for, where the model is away. */
export function explainSilence({ kind, status }: ModelError, { failures, lostMs }: Outage): Silence {
  if (kind === "unusable-answer") {
    return {
      brief: "the model's answer was no review",
      sentence: "The model answered with something that is no review, more than once.",
    };
  }
  if (kind === "rejected") {
    const answer = status === undefined ? "" : ` (status ${status})`;
    return {
      brief: "the model's provider refused the request",
      sentence: `The model's provider refused the request${answer}. The worker's log tells whoever runs Nectr what to change.`,
    };
  }
  const minutes = Math.round(lostMs / 60_000);
  const tries = failures > 1 ? `, though it was asked ${failures} times within ${minutes} minutes` : "";
  return {
    brief: "the model did not answer",
    sentence: `The model did not answer${tries}. Push again when it does to have it read the change.`,
  };
}

/** What whoever runs Nectr can do about a call that a provider refuses. */
export function adviseOperator({ status }: ModelError): string {
  switch (status) {
    case 401:
    case 403:
      return "the provider does not accept the key: set ANTHROPIC_API_KEY or OPENAI_API_KEY anew";
    case 402:
    case 429:
      return "the account at the provider has no credit left";
    case 404:
      return "the provider knows no such model: see ANTHROPIC_MODEL or OPENAI_MODEL, and the base URL";
    default:
      return "the provider takes no such request: its words tell why";
  }
}

import type { Metrics } from "@nectr/service";
import type { ReviewDeps } from "../worker-deps.ts";
import type { PollOutcome } from "./poll.ts";
import type { ReconcileDeps } from "./reconcile.ts";

/** Counts reviews by their end, and how long the posted ones took. */
export function countReviews(metrics: Metrics): ReviewDeps["onReview"] {
  const reviews = metrics.counter({
    name: "reviews_total",
    help: "Reviews by their end",
    labels: ["outcome"],
  });
  const seconds = metrics.histogram({
    name: "review_duration_seconds",
    help: "Seconds from the claim of a pull request to its posted review",
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600],
  });
  return (outcome, duration) => {
    reviews.inc({ outcome });
    if (outcome === "posted") seconds.observe(duration);
  };
}

/** Counts the looks at what GitHub could not deliver, and what came of them. */
export function countReconciliations(metrics: Metrics): Pick<ReconcileDeps, "onTurn" | "onRecovered"> {
  const turns = metrics.counter({
    name: "reconciliations_total",
    help: "Looks at what GitHub could not deliver for a repository, by their end",
    labels: ["outcome"],
  });
  const recovered = metrics.counter({
    name: "deliveries_recovered_total",
    help: "Events that GitHub could not deliver and that came after all, redelivered or found at the pull requests",
    labels: ["by"],
  });
  return {
    onTurn: (outcome) => turns.inc({ outcome }),
    onRecovered: (by, events) => recovered.inc({ by }, events),
  };
}

/** Counts the looks at repositories without a webhook. */
export function countPolls(metrics: Metrics): (outcome: PollOutcome) => void {
  const polls = metrics.counter({
    name: "polls_total",
    help: "Looks at the pull requests of a repository without a webhook, by their end",
    labels: ["outcome"],
  });
  return (outcome) => polls.inc({ outcome });
}

/** Counts what the model is asked and what it costs, failed calls included. */
export function countModelCalls(metrics: Metrics): ReviewDeps["onModelCall"] {
  const calls = metrics.counter({
    name: "model_calls_total",
    help: "Parts of pull requests that the model was asked to read, by what came of it; over-budget: it was not asked",
    labels: ["outcome"],
  });
  const tokens = metrics.counter({
    name: "model_tokens_total",
    help: "Tokens that the model's provider counted; cached_input is contained in input",
    labels: ["kind"],
  });
  const dollars = metrics.counter({
    name: "model_cost_usd_total",
    help: "US dollars that the model cost, as far as its price is known",
  });
  return (outcome, usage) => {
    calls.inc({ outcome });
    if (usage === undefined) return;
    tokens.inc({ kind: "input" }, usage.inputTokens);
    tokens.inc({ kind: "cached_input" }, usage.cachedInputTokens);
    tokens.inc({ kind: "output" }, usage.outputTokens);
    dollars.inc(usage.costUsd ?? 0);
  };
}

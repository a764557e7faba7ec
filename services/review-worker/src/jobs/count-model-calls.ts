import type { Metrics } from "@nectr/service";
import type { ReviewDeps } from "../worker-deps.ts";

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

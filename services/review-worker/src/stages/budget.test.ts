import { assert, double, option, property, record } from "fast-check";
import { describe, expect, test } from "vitest";
import { decideSpend, estimateUsd } from "./budget.ts";

const nothing = { pullRequest: 0, repository: 0, month: 0 };

test("an estimate knows the prompt, and takes an answer for granted", () => {
  const price = { input: 2, output: 10, cacheRead: 0, cacheWrite: 0 };
  const empty = estimateUsd(price, { instructions: "", prompt: "" });
  const long = estimateUsd(price, { instructions: "", prompt: "Review the diff. ".repeat(10_000) });
  expect(empty).toBeCloseTo(0.02);
  expect(long).toBeGreaterThan(empty + 0.06);
});

describe("past a budget the review says which one, and who can raise it", () => {
  test("of a pull request", () => {
    expect(decideSpend({ pullRequestUsd: 5 }, { ...nothing, pullRequest: 4.98 }, 0.06)).toEqual({
      refusal: {
        brief: "the model's budget is spent",
        sentence:
          "The model's budget of $5.00 for this pull request is spent: it has cost $4.98 so far, and the next part " +
          "would cost about $0.06. Whoever runs Nectr can raise MODEL_BUDGET_PER_PULL_REQUEST.",
      },
    });
  });

  test("of a repository", () => {
    const decision = decideSpend({ repositoryUsd: 0.004 }, { ...nothing, repository: 0.004 }, 0.0021);
    expect("refusal" in decision && decision.refusal.sentence).toBe(
      "The model's budget of $0.004 for this repository in this month is spent: it has cost $0.004 so far, and the " +
        "next part would cost about $0.002. Whoever runs Nectr can raise MODEL_BUDGET_PER_REPOSITORY.",
    );
  });

  test("of all repositories, and then not what the others cost", () => {
    const decision = decideSpend({ monthUsd: 77 }, { ...nothing, month: 76.99 }, 0.06);
    expect("refusal" in decision && decision.refusal.sentence).toBe(
      "The model's budget for this month is spent. Whoever runs Nectr can raise MODEL_BUDGET_PER_MONTH.",
    );
  });
});

test("a call is allowed exactly where each budget holds what was spent and what it is to cost", () => {
  const usd = double({ min: 0, max: 100, noNaN: true });
  const budget = option(usd, { nil: undefined });
  assert(
    property(
      record({ pullRequestUsd: budget, repositoryUsd: budget, monthUsd: budget }),
      record({ pullRequest: usd, repository: usd, month: usd }),
      usd,
      (budgets, spent, nextUsd) => {
        const decision = decideSpend(budgets, spent, nextUsd);
        const room = [
          (budgets.pullRequestUsd ?? Infinity) - spent.pullRequest,
          (budgets.repositoryUsd ?? Infinity) - spent.repository,
          (budgets.monthUsd ?? Infinity) - spent.month,
        ];
        const within =
          spent.pullRequest + nextUsd <= (budgets.pullRequestUsd ?? Infinity) &&
          spent.repository + nextUsd <= (budgets.repositoryUsd ?? Infinity) &&
          spent.month + nextUsd <= (budgets.monthUsd ?? Infinity);
        expect("allowedUsd" in decision).toBe(within);
        if ("allowedUsd" in decision) expect(decision.allowedUsd).toBe(Math.min(...room));
      },
    ),
  );
});

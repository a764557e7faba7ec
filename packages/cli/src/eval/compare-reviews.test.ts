import { expect, test } from "vitest";
import { type ComparedFinding, compareReviews } from "./compare-reviews.ts";

function finding(title: string, given: Partial<ComparedFinding> = {}): ComparedFinding {
  return {
    fingerprint: title,
    path: "a.ts",
    startLine: 1,
    endLine: 1,
    category: "correctness",
    severity: "minor",
    title,
    ...given,
  };
}

test("what is gone, new, graded otherwise and the same is told apart", () => {
  const before = {
    findings: [finding("same"), finding("gone", { startLine: 5, endLine: 5 }), finding("graded")],
  };
  const after = {
    findings: [
      finding("graded", { severity: "critical" }),
      finding("new", { startLine: 9, endLine: 9 }),
      finding("same", { startLine: 2, endLine: 2 }),
    ],
  };
  const difference = compareReviews(before, after);
  expect(difference.gone.map(({ title }) => title)).toEqual(["gone"]);
  expect(difference.added.map(({ title }) => title)).toEqual(["new"]);
  expect(difference.regraded.map((pair) => [pair.before.severity, pair.after.severity])).toEqual([
    ["minor", "critical"],
  ]);
  expect(difference.same).toBe(1);
});

test("the same defect in other words is no new finding", () => {
  const before = { findings: [finding("Off by one", { startLine: 4, endLine: 6 })] };
  const sameLines = { findings: [finding("The last element is left out", { startLine: 6, endLine: 7 })] };
  const otherKind = { findings: [finding("Slow", { startLine: 5, endLine: 5, category: "performance" })] };
  expect(compareReviews(before, sameLines)).toMatchObject({ gone: [], added: [], same: 1 });
  expect(compareReviews(before, otherKind).added).toHaveLength(1);
});

test("verdict and cost are compared where both are known", () => {
  const cheap = {
    findings: [],
    verdict: "approve" as const,
    cost: { inputTokens: 1, outputTokens: 1, costUsd: 1 },
  };
  const dear = {
    ...cheap,
    verdict: "comment" as const,
    cost: { inputTokens: 1, outputTokens: 1, costUsd: 3 },
  };
  expect(compareReviews(cheap, dear)).toMatchObject({
    verdict: { before: "approve", after: "comment" },
    costUsd: 2,
  });
  const unknown = { findings: [], verdict: "approve" as const };
  expect(compareReviews(cheap, unknown)).not.toHaveProperty("verdict");
  expect(compareReviews(cheap, unknown).costUsd).toBeUndefined();
});

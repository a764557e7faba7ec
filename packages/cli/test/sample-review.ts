import type { PlacedFinding } from "@nectr/review";
import type { LocalReview } from "../src/review/local-review.ts";

/** A model's finding on lines 3 and 4 of src/a.ts, but for what is given. */
export function finding(given: Partial<PlacedFinding> = {}): PlacedFinding {
  return {
    source: "model",
    rule: "model",
    severity: "moderate",
    category: "correctness",
    path: "src/a.ts",
    startLine: 3,
    endLine: 4,
    title: "The total is wrong",
    body: "It adds what it should take away.",
    fingerprint: "0123456789abcdef0123456789abcdef",
    placement: { kind: "inline", path: "src/a.ts", line: 4, startLine: 3 },
    ...given,
  };
}

/** A review of one changed file that was read, but for what is given. */
export function localReview(
  findings: readonly PlacedFinding[],
  coverage: Partial<LocalReview["review"]["coverage"]> = {},
  local: Partial<LocalReview> = {},
): LocalReview {
  return {
    review: {
      key: { repositoryId: 0, number: 0, headSha: "b".repeat(40), generation: 0 },
      verdict: findings.length > 0 ? "request_changes" : "approve",
      binding: false,
      doubts: [],
      summary: "",
      findings,
      stillOpen: [],
      unchecked: [],
      fixed: [],
      hidden: { belowMinimum: 0, dismissed: 0 },
      coverage: {
        filesChanged: 1,
        filesRead: 1,
        addedLines: 8,
        addedLinesRead: 8,
        skipped: [],
        failures: [],
        analysers: ["secrets"],
        analysed: ["src/a.ts"],
        model: "model-1",
        ...coverage,
      },
      cost: { inputTokens: 12_345, outputTokens: 678, costUsd: 0.042 },
    },
    range: {
      baseRef: "origin/main",
      baseSha: "a".repeat(40),
      mergeBase: "a".repeat(40),
      headRef: "feature",
      headSha: "b".repeat(40),
      workingTree: true,
    },
    untracked: [],
    settings: [],
    remarks: [],
    withModel: true,
    ...local,
  };
}

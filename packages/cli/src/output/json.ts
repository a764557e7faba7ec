import type { PlacedFinding, Review, WithheldFinding } from "@nectr/review";
import { type LocalReview, unreadOf } from "../review/local-review.ts";
import { printableJson } from "./plain-text.ts";

/**
 * The review for programs. Its shape is documented in docs/operations/command-line.md: fields are added, and `version`
 * changes where one is taken away or means something else.
 */
export function renderJson(local: LocalReview, exitStatus: number): string {
  const { review, range, untracked, remarks } = local;
  const { coverage } = review;
  return `${printableJson({
    version: 1,
    base: { ref: range.baseRef, sha: range.baseSha, mergeBase: range.mergeBase },
    head: { ref: range.headRef, sha: range.headSha, workingTree: range.workingTree },
    exitStatus,
    verdict: review.verdict,
    summary: review.summary,
    findings: review.findings.map(findingOf),
    withheld: (review.withheld ?? []).map(withheldOf),
    coverage: {
      ...read(coverage),
      skipped: coverage.skipped.map(({ path, reason, expected = false }) => ({ path, reason, expected })),
      unread: unreadOf(local),
      untracked,
      analysers: coverage.analysers,
      model: coverage.model ?? null,
      modelAbsence: coverage.modelAbsence ?? null,
    },
    cost: review.cost === undefined ? null : { costUsd: null, ...review.cost },
    remarks,
  })}\n`;
}

function read({ filesChanged, filesRead, addedLines, addedLinesRead }: Review["coverage"]) {
  return { filesChanged, filesRead, addedLines, addedLinesRead };
}

function findingOf(finding: PlacedFinding) {
  return {
    fingerprint: finding.fingerprint,
    severity: finding.severity,
    category: finding.category,
    source: finding.source,
    rule: finding.rule,
    path: finding.path,
    side: finding.side ?? "new",
    startLine: finding.startLine,
    endLine: finding.endLine,
    title: finding.title,
    body: finding.body,
    suggestion: finding.suggestion ?? null,
    confidence: finding.confidence ?? null,
  };
}

function withheldOf({ finding, reason }: WithheldFinding) {
  const { path, startLine, endLine, severity, title } = finding;
  return { path, startLine, endLine, severity, title, reason };
}

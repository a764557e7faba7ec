import { bySeverity, type ReviewCost, type Severity, type Verdict } from "@nectr/review";

/** What of a finding is compared. */
export interface ComparedFinding {
  readonly fingerprint: string;
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly category: string;
  readonly severity: Severity;
  readonly title: string;
}

export interface ComparedReview {
  readonly verdict?: Verdict;
  readonly findings: readonly ComparedFinding[];
  readonly cost?: ReviewCost;
}

/** What is different in the second of two reviews of the same change. */
export interface ReviewDifference {
  readonly gone: readonly ComparedFinding[];
  readonly added: readonly ComparedFinding[];
  /** In both, and graded otherwise. */
  readonly regraded: readonly { readonly before: ComparedFinding; readonly after: ComparedFinding }[];
  readonly same: number;
  /** Only where both have a verdict, and not the same. */
  readonly verdict?: { readonly before: Verdict; readonly after: Verdict };
  /** US dollars that the second costs more; undefined where one of the two costs is not known. */
  readonly costUsd: number | undefined;
}

/**
 * Compares two reviews. Findings are the same by their fingerprint, or else where they are of one category and have a
 * line in common: two models word what they see in two ways.
 */
export function compareReviews(before: ComparedReview, after: ComparedReview): ReviewDifference {
  const left = [...after.findings];
  const take = (same: (finding: ComparedFinding) => boolean): ComparedFinding | undefined => {
    const index = left.findIndex(same);
    return index === -1 ? undefined : left.splice(index, 1)[0];
  };
  const byFingerprint = before.findings.map((finding) => ({
    finding,
    twin: take(({ fingerprint }) => fingerprint === finding.fingerprint),
  }));
  const pairs = byFingerprint.map(({ finding, twin }) => ({
    before: finding,
    after: twin ?? take((other) => isAboutTheSame(finding, other)),
  }));
  const kept = pairs.flatMap(({ before: was, after: is }) =>
    is === undefined ? [] : [{ before: was, after: is }],
  );
  const regraded = kept.filter((pair) => pair.before.severity !== pair.after.severity);
  return {
    gone: pairs.flatMap((pair) => (pair.after === undefined ? [pair.before] : [])).toSorted(bySeverity),
    added: left.toSorted(bySeverity),
    regraded,
    same: kept.length - regraded.length,
    ...verdictChange(before.verdict, after.verdict),
    costUsd: costDifference(before.cost, after.cost),
  };
}

function isAboutTheSame(a: ComparedFinding, b: ComparedFinding): boolean {
  return (
    a.path === b.path && a.category === b.category && a.startLine <= b.endLine && b.startLine <= a.endLine
  );
}

function verdictChange(before: Verdict | undefined, after: Verdict | undefined) {
  if (before === undefined || after === undefined || before === after) return {};
  return { verdict: { before, after } };
}

function costDifference(before: ReviewCost | undefined, after: ReviewCost | undefined): number | undefined {
  if (before?.costUsd === undefined || after?.costUsd === undefined) return undefined;
  return after.costUsd - before.costUsd;
}

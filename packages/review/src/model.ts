/** The words of the engine. Every line number is 1-based. */

/** Severities, worst first. */
export const severities = ["critical", "moderate", "minor", "nit"] as const;

/** How bad it is if the finding is true. */
export type Severity = (typeof severities)[number];

/** Worst first. */
export function bySeverity(a: { readonly severity: Severity }, b: { readonly severity: Severity }): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}

/** Whether a severity is as bad as another, or worse. */
export function reaches(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(least);
}

/** Every category, in the order in which a summary lists them. */
export const categories = [
  "security",
  "correctness",
  "reliability",
  "performance",
  "maintainability",
] as const;

/** What kind of harm a finding names. */
export type Category = (typeof categories)[number];

/** One line of a hunk. A removed line has no new number, an added one no old number. */
export type DiffLine =
  | { readonly kind: "context"; readonly oldLine: number; readonly newLine: number; readonly text: string }
  | { readonly kind: "added"; readonly newLine: number; readonly text: string }
  | { readonly kind: "removed"; readonly oldLine: number; readonly text: string };

/** A run of changed lines with their context, as `@@ -oldStart,oldLines +newStart,newLines @@ section`. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  readonly section: string;
  readonly lines: readonly DiffLine[];
}

export type FileStatus = "added" | "removed" | "modified" | "renamed" | "copied";

/** One file of a diff. `patchMissing`: GitHub sent no patch for a text file (too large), so its lines are unknown. */
export interface FileDiff {
  readonly path: string;
  readonly previousPath?: string;
  readonly status: FileStatus;
  readonly binary: boolean;
  readonly patchMissing: boolean;
  readonly additions: number;
  readonly deletions: number;
  readonly hunks: readonly Hunk[];
}

/**
 * A file that the review did not read, or not to its end, and why. `expected`: nobody would want it read (a lock
 * file, deleted, only renamed, ignored by the repository's configuration). Without it the review does not approve.
 * `looks`: what its path or its content makes of it, which is for its author to choose; so it is not expected.
 */
export interface SkippedFile {
  readonly path: string;
  readonly reason: string;
  readonly expected?: boolean;
  readonly looks?: "generated";
}

/** Which version of a file a line is of. */
export type Side = "new" | "old";

/** One remark, before it has a place. `startLine`..`endLine` are lines of the `side` version of `path`. */
export interface Finding {
  readonly source: "analyser" | "model";
  /** The analyser's rule, such as `typescript/sql-injection`; `model` for the model's. */
  readonly rule: string;
  readonly severity: Severity;
  readonly category: Category;
  readonly path: string;
  /** The new version where absent. The old one: what the change takes away. */
  readonly side?: "old";
  readonly startLine: number;
  readonly endLine: number;
  /** The code that it is about, as the model copied it: by it the lines are found, whatever numbers stand beside. */
  readonly quote?: string;
  /** How sure its finder is, and after the second check the checker, from 0 to 1. Absent for a fixed rule's. */
  readonly confidence?: number;
  /** From where in the stored run it comes; absent for an analyser's. */
  readonly origin?: FindingOrigin;
  /** One line of plain text. */
  readonly title: string;
  /** Markdown: what is wrong, what happens, what to do. Untrusted where it comes from a model. */
  readonly body: string;
  /** The lines that should stand in place of `startLine`..`endLine`, without indentation lost. */
  readonly suggestion?: string;
}

/** By which the way of a model's finding can be followed, from its answer to the line on which it is posted. */
export interface FindingOrigin {
  /** The name of the question that was answered. */
  readonly question: string;
  /** Which finding of that answer, from 0. */
  readonly index: number;
  /** The lines that the model named. */
  readonly saidLines: readonly [start: number, end: number];
  /** The name of the question that had it checked, and what was said. */
  readonly check?: {
    readonly question: string;
    readonly verdict: CheckVerdict;
    readonly confidence: number;
    readonly reason: string;
  };
}

/** What a second look makes of a claim. */
export type CheckVerdict = "confirmed" | "unsure" | "rejected";

/** A finding that is kept and not shown, and why. */
export interface WithheldFinding {
  readonly finding: Finding;
  readonly reason: string;
}

/** Where a finding is shown. `by`: what its lines were found by. */
export type Placement =
  | {
      readonly kind: "inline";
      readonly path: string;
      readonly side?: "old";
      readonly line: number;
      readonly startLine?: number;
      readonly by?: "quote" | "line" | "symbol";
    }
  | { readonly kind: "summary"; readonly reason: string };

/**
 * A finding with its fingerprint (stable over pushes that do not touch it) and its place. `regressed`: an
 * earlier run saw it fixed, and it came back.
 */
export interface PlacedFinding extends Finding {
  readonly fingerprint: string;
  readonly placement: Placement;
  readonly regressed?: boolean;
}

export type Verdict = "approve" | "comment" | "request_changes";

/** What a finding's state is in the ledger of its pull request. */
export type LedgerState = "open" | "fixed" | "dismissed" | "regressed";

/**
 * What an earlier run on the same pull request found, read from the ledger. Without `source` it counts as the
 * model's: it is not called fixed by a run in which no model read the code.
 */
export interface EarlierFinding {
  readonly source?: Finding["source"];
  readonly fingerprint: string;
  readonly state: LedgerState;
  readonly path: string;
  readonly title: string;
  readonly severity: Severity;
}

/** What the review read, what it left out, and what failed on the way. */
export interface Coverage {
  readonly filesChanged: number;
  readonly filesRead: number;
  readonly addedLines: number;
  readonly addedLinesRead: number;
  readonly skipped: readonly SkippedFile[];
  /** Sources or steps that failed or timed out, in words a reader understands. */
  readonly failures: readonly string[];
  /** Names of the analysers that ran. */
  readonly analysers: readonly string[];
  /** Paths of the files that were read to the end. */
  readonly read?: readonly string[];
  /** Paths of the files that every analyser read to the end. */
  readonly analysed: readonly string[];
  /** The model's name, absent where none reviewed; `modelAbsence` then says why. */
  readonly model?: string;
  readonly modelAbsence?: string;
  /** Why a configured model did not read what it was to read: sentences of ours, in which no text from outside is. */
  readonly modelTroubles?: readonly string[];
}

/** A whole review, decided; rendering it needs nothing else. */
export interface Review {
  readonly key: ReviewKey;
  readonly verdict: Verdict;
  /** Whether the verdict is also given as GitHub's own (approve, request changes) or only in words. */
  readonly binding: boolean;
  /** Why the review can't vouch for the whole change, in words a reader understands; empty where it can. */
  readonly doubts: readonly string[];
  /** Markdown, a few sentences. */
  readonly summary: string;
  /** New in this run, ranked and capped; those with an inline placement become comments. */
  readonly findings: readonly PlacedFinding[];
  /** Found before and still there: listed, not commented again. */
  readonly stillOpen: readonly PlacedFinding[];
  /** Found before, in what this run did not read: still open as far as anyone knows. */
  readonly unchecked: readonly EarlierFinding[];
  /** Found before and gone now. */
  readonly fixed: readonly EarlierFinding[];
  /**
   * How many findings are not shown: below the repository's `minimumSeverity` or of a category that it does not want,
   * or dismissed by a person.
   */
  readonly hidden: { readonly belowMinimum: number; readonly dismissed: number };
  /** Found, and not shown because they did not hold up on a second look. */
  readonly withheld?: readonly WithheldFinding[];
  readonly coverage: Coverage;
  readonly cost?: ReviewCost;
  /** Milliseconds from the first look to the decision. */
  readonly tookMs?: number;
}

/** What a review is keyed by. The generation grows where a head is reviewed as if it were new. */
export interface ReviewKey {
  readonly repositoryId: number;
  readonly number: number;
  readonly headSha: string;
  readonly generation: number;
}

export interface ReviewCost {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** US dollars; absent where the model's price is not known. */
  readonly costUsd?: number;
}

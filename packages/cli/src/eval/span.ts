import type { Severity } from "@nectr/review";

/** Lines of one side of a file, 1-based, both ends included. */
export interface Span {
  readonly path: string;
  readonly side: "new" | "old";
  readonly startLine: number;
  readonly endLine: number;
}

/** What people found. */
export interface ExpectedFinding extends Span {
  /** Absent where whoever wrote it down gave none. */
  readonly severity?: Severity;
  readonly text: string;
}

/** What a review says on a line. */
export interface Comment extends Span {
  readonly severity: Severity;
  readonly category: string;
  readonly fingerprint: string;
  readonly title: string;
  readonly body: string;
}

/** Whether two spans have a line in common. */
export function overlap(a: Span, b: Span): boolean {
  return a.path === b.path && a.side === b.side && a.startLine <= b.endLine && b.startLine <= a.endLine;
}

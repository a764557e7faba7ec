import type { Finding } from "@nectr/review";

/** One changed file: its whole new text, and which of its lines the pull request added (1-based). */
export interface AnalysedFile {
  readonly path: string;
  readonly content: string;
  readonly addedLines: ReadonlySet<number>;
}

/** Reads one file at a time and names the defects on its added lines; rejects where it cannot read the file. */
export interface Analyser {
  /** What it looks at, in words that a review's reader understands. */
  readonly name: string;
  analyse(file: AnalysedFile): Promise<Finding[]>;
}

const maxBytes = 1_000_000;
const maxLineLength = 5_000;

/**
 * Why a file is not worth an analyser's time: above a megabyte, or with a line of more than 5,000
 * characters, it is data or a build's output, and a parser could take very long over it.
 */
export function reasonToSkip(file: AnalysedFile): string | undefined {
  if (Buffer.byteLength(file.content) > maxBytes) return "larger than 1 MB";
  const hasLongLine = file.content.split("\n").some((line) => line.length > maxLineLength);
  return hasLongLine ? "has a line of more than 5,000 characters" : undefined;
}

/**
 * The first unbroken run of added lines within `startLine`..`endLine`, or undefined where none of
 * them was added. Unbroken, because a comment on a pull request cannot span two hunks.
 */
export function clipToAdded(
  startLine: number,
  endLine: number,
  addedLines: ReadonlySet<number>,
): { startLine: number; endLine: number } | undefined {
  for (let first = startLine; first <= endLine; first++) {
    if (!addedLines.has(first)) continue;
    let last = first;
    while (last < endLine && addedLines.has(last + 1)) last++;
    return { startLine: first, endLine: last };
  }
  return undefined;
}

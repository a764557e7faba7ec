import type { ChangedLines } from "./pull-request-facts.ts";

/** A hunk with its lines, as a parser of diffs has it. */
export interface ParsedHunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly oldLines: number;
  readonly newLines: number;
  readonly lines: readonly { readonly kind: "context" | "added" | "removed" }[];
}

/** The runs of changed lines in hunks, without the context around and between them. */
export function changedLinesOf(hunks: readonly ParsedHunk[]): ChangedLines[] {
  return hunks.flatMap(runsOf);
}

function runsOf(hunk: ParsedHunk): ChangedLines[] {
  const runs: ChangedLines[] = [];
  // The last line before: a hunk without lines of a side names the line before it already.
  let old = hunk.oldLines === 0 ? hunk.oldStart : hunk.oldStart - 1;
  let now = hunk.newLines === 0 ? hunk.newStart : hunk.newStart - 1;
  let run = { oldLines: 0, newLines: 0 };
  const end = () => {
    const { oldLines, newLines } = run;
    if (oldLines + newLines === 0) return;
    runs.push({
      oldStart: oldLines === 0 ? old : old - oldLines + 1,
      oldLines,
      newStart: newLines === 0 ? now : now - newLines + 1,
      newLines,
    });
    run = { oldLines: 0, newLines: 0 };
  };
  for (const { kind } of hunk.lines) {
    if (kind === "context") end();
    if (kind !== "added") old += 1;
    if (kind !== "removed") now += 1;
    if (kind === "removed") run.oldLines += 1;
    if (kind === "added") run.newLines += 1;
  }
  end();
  return runs;
}

/** First and last, of gaps between lines: gap 3 is the one between lines 3 and 4. */
export type Gaps = readonly [first: number, last: number];

/**
 * The gaps of the base's text that a change takes part in: those before, within and after its lines. Two changes that
 * share one can't be merged by git, unless they are the same: they overlap, or nothing unchanged lies between them.
 */
export function gapsOf({ oldStart, oldLines }: ChangedLines): Gaps {
  return oldLines === 0 ? [oldStart, oldStart] : [oldStart - 1, oldStart + oldLines - 1];
}

/** The same gaps in order, in as few runs as there can be. */
export function joinGaps(gaps: readonly Gaps[]): Gaps[] {
  const joined: [number, number][] = [];
  for (const [first, last] of gaps.toSorted((a, b) => a[0] - b[0])) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** The gaps that are in both. */
export function sharedGaps(mine: readonly Gaps[], theirs: readonly Gaps[]): Gaps[] {
  return mine.flatMap((one) =>
    theirs.flatMap((other): Gaps[] => {
      const [first, last] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
      return first <= last ? [[first, last]] : [];
    }),
  );
}

/** The lines of the base that lie in gaps that two changes share, for a person to read. */
export function linesOf([first, last]: Gaps): { readonly startLine: number; readonly endLine: number } {
  return first === last
    ? { startLine: Math.max(first, 1), endLine: Math.max(first, 1) }
    : { startLine: first + 1, endLine: last };
}

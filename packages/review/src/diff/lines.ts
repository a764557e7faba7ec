import type { DiffLine, FileDiff, Hunk, Side } from "../model.ts";

/** Lines `start` to `end` of one version of a file, both included. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** The new version's lines that the file's diff adds or changes. */
export function addedLines(file: FileDiff): ReadonlySet<number> {
  const added = new Set<number>();
  for (const hunk of file.hunks) {
    for (const line of hunk.lines) if (line.kind === "added") added.add(line.newLine);
  }
  return added;
}

/**
 * The lines of a side on which GitHub takes a comment: every line that a hunk shows, changed or not. One range
 * a hunk, for a comment over several lines must lie in one hunk.
 */
export function commentableRanges(file: FileDiff, side: Side = "new"): LineRange[] {
  return file.hunks.map((hunk) => rangeOn(hunk, side)).filter((range) => range !== undefined);
}

/** The lines of one hunk on a side; `undefined` where it has none, as one that only removes, without context. */
function rangeOn(hunk: Hunk, side: Side): LineRange | undefined {
  const [start, count] = side === "new" ? [hunk.newStart, hunk.newLines] : [hunk.oldStart, hunk.oldLines];
  return count === 0 ? undefined : { start, end: start + count - 1 };
}

/** The number of a line on a side; `undefined` where it is not there. */
export function numberOn(line: DiffLine, side: Side): number | undefined {
  if (side === "new") return line.kind === "removed" ? undefined : line.newLine;
  return line.kind === "added" ? undefined : line.oldLine;
}

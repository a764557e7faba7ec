import type { FileDiff, Hunk } from "../model.ts";

/** Lines `start` to `end` of a file's new version, both included. */
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
 * The lines of the new version on which GitHub takes a comment: every line that a hunk shows, changed
 * or not. One range a hunk, for a comment over several lines must lie in one hunk.
 */
export function commentableRanges(file: FileDiff): LineRange[] {
  return file.hunks.map(newSide).filter((range) => range !== undefined);
}

/** The new lines of one hunk; `undefined` where it only removes, without context. */
function newSide(hunk: Hunk): LineRange | undefined {
  if (hunk.newLines === 0) return undefined;
  return { start: hunk.newStart, end: hunk.newStart + hunk.newLines - 1 };
}

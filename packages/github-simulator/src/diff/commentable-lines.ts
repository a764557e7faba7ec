import { type DiffHunk, parseDiff } from "./parse-diff.ts";

/** The lines of one hunk that can take a comment: old line numbers on the left, new ones on the right. */
export interface CommentableHunk {
  readonly left: ReadonlySet<number>;
  readonly right: ReadonlySet<number>;
}

/** By path (the new one of a renamed file): the file's hunks in order. A file without hunks has an empty list. */
export type CommentableLines = ReadonlyMap<string, readonly CommentableHunk[]>;

/**
 * GitHub's rule for inline comments: a line may be commented on where it is shown in the diff between the
 * merge base and the head, with three lines of context. Added and context lines stand on the right, removed
 * and context lines on the left.
 */
export function commentableLines(diff: string): CommentableLines {
  return new Map(parseDiff(diff).map((section) => [section.path, section.hunks.map(commentable)]));
}

function commentable(hunk: DiffHunk): CommentableHunk {
  const numbers = (all: readonly (number | undefined)[]) => new Set(all.filter((line) => line !== undefined));
  return {
    left: numbers(hunk.lines.map((line) => line.oldLine)),
    right: numbers(hunk.lines.map((line) => line.newLine)),
  };
}

/** True where a comment on `line` (from `startLine`, where given) of the new version of `path` is accepted. */
export function acceptsComment(
  lines: CommentableLines,
  place: { path: string; line: number; startLine?: number | undefined },
): boolean {
  const { path, line, startLine } = place;
  const hunk = lines.get(path)?.find((candidate) => candidate.right.has(line));
  if (!hunk) return false;
  return startLine === undefined || (startLine < line && hunk.right.has(startLine));
}

import { isRefused, judgePlace, type PlaceFault } from "../actions/comment-place.ts";
import type { Side } from "../state/model.ts";
import { parseDiff } from "./parse-diff.ts";

/** Where an inline comment is to stand, in the words of GitHub's API. */
export interface CommentPlace {
  readonly path: string;
  readonly line: number;
  /** RIGHT where absent. */
  readonly side?: Side;
  readonly start_line?: number;
  /** That of the line where absent. */
  readonly start_side?: Side;
}

export interface JudgedComments<C> {
  readonly accepted: readonly C[];
  readonly refused: readonly { readonly comment: C; readonly faults: readonly PlaceFault[] }[];
}

/**
 * GitHub's rules for inline comments, over the diff between a pull request's merge base and its head: a line takes a
 * comment where a hunk shows it, new and unchanged lines on the right, removed and unchanged ones on the left, under
 * the new path of a renamed file; and several lines where they are in one hunk, and the start is before the line.
 */
export function judgeComments<C extends CommentPlace>(
  diff: string,
  comments: readonly C[],
): JudgedComments<C> {
  const files = parseDiff(diff).map((section) => ({ path: section.path, section }));
  const accepted: C[] = [];
  const refused: { comment: C; faults: readonly PlaceFault[] }[] = [];
  for (const comment of comments) {
    const { path, line, side = "RIGHT", start_line: startLine, start_side: startSide } = comment;
    const place = judgePlace({ files }, { path, line, side, startLine, startSide });
    if (isRefused(place)) refused.push({ comment, faults: place });
    else accepted.push(comment);
  }
  return { accepted, refused };
}

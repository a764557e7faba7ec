import type { PlacedFinding, Placement, Review, Verdict } from "../model.ts";
import { commentBody } from "./comment-body.ts";
import type { ReviewLinks } from "./location.ts";
import { reviewMarker } from "./markers.ts";
import { count, shortSha } from "./words.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

interface CommentPlace {
  readonly path: string;
  readonly line: number;
  /** LEFT: a line of before the change. */
  readonly side: "LEFT" | "RIGHT";
  readonly start_line?: number;
  readonly start_side?: "LEFT" | "RIGHT";
}

/** An inline comment as GitHub's API takes it. */
export interface ReviewComment extends CommentPlace {
  readonly body: string;
}

/** A review as GitHub's API takes it; it is posted whole or not at all. */
export interface ReviewRequest {
  readonly commitId: string;
  readonly event: ReviewEvent;
  /** One line and the hidden marker. */
  readonly body: string;
  readonly comments: readonly ReviewComment[];
}

const events: Record<Verdict, ReviewEvent> = {
  approve: "APPROVE",
  request_changes: "REQUEST_CHANGES",
  comment: "COMMENT",
};

/**
 * The GitHub review: inline comments in the order of the findings, and the verdict where it is binding.
 * Undefined where there is neither, and the summary comment says it all.
 */
export function renderReviewRequest(review: Review, links: ReviewLinks): ReviewRequest | undefined {
  const comments = review.findings.flatMap((finding) => renderComment(finding, links));
  const event = review.binding ? events[review.verdict] : "COMMENT";
  if (comments.length === 0 && event === "COMMENT") return undefined;
  return {
    commitId: review.key.headSha,
    event,
    body: `${bodyLine(event, comments.length, review.key.headSha)} ${reviewMarker(review.key)}`,
    comments,
  };
}

function renderComment(finding: PlacedFinding, links: ReviewLinks): ReviewComment[] {
  const place = commentPlace(finding.placement);
  return place ? [{ ...place, body: commentBody(finding, links) }] : [];
}

/** Where a comment is to stand, in the words of GitHub's API; undefined for what is told in the summary. */
export function commentPlace(placement: Placement): CommentPlace | undefined {
  if (placement.kind === "summary") return undefined;
  const { path, line, startLine } = placement;
  const side = placement.side === "old" ? "LEFT" : "RIGHT";
  // GitHub refuses a range that starts where it ends.
  const several = startLine !== undefined && startLine < line;
  return { path, line, side, ...(several ? { start_line: startLine, start_side: side } : {}) };
}

/** Names Nectr: GitHub shows the review as that of the person who connected the repository. */
function bodyLine(event: ReviewEvent, comments: number, headSha: string): string {
  const sha = `\`${shortSha(headSha)}\``;
  const told = comments > 0 ? `${count(comments, "new finding")} in ${sha}` : sha;
  if (event === "APPROVE") return `Nectr: no defects found in ${sha}.`;
  if (event === "REQUEST_CHANGES" && comments === 0)
    return `Nectr: findings are still open in ${sha}; see the summary comment.`;
  return `Nectr: ${told}; see the summary comment for the whole picture.`;
}

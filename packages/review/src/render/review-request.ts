import type { PlacedFinding, Review, Verdict } from "../model.ts";
import { commentBody } from "./comment-body.ts";
import type { ReviewLinks } from "./location.ts";
import { reviewMarker } from "./markers.ts";
import { count, shortSha } from "./words.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

/** An inline comment as GitHub's API takes it. */
export interface ReviewComment {
  readonly path: string;
  readonly line: number;
  readonly side: "RIGHT";
  readonly start_line?: number;
  readonly start_side?: "RIGHT";
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
  const { placement } = finding;
  if (placement.kind === "summary") return [];
  const { path, line, startLine } = placement;
  // GitHub refuses a range that starts where it ends.
  const start =
    startLine !== undefined && startLine < line
      ? { start_line: startLine, start_side: "RIGHT" as const }
      : {};
  return [{ path, line, side: "RIGHT", ...start, body: commentBody(finding, links) }];
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

import type { World } from "../world.ts";
import { currentPlace } from "../diff/current-place.ts";
import { associationOf, repositoryById, userById } from "../state/lookups.ts";
import type { PullRequestRecord, ReviewCommentRecord, ReviewRecord } from "../state/model.ts";
import { type Json, apiUrl, nodeId, pageUrl } from "./links.ts";
import { presentUser } from "./user.ts";

/** GitHub's `pull-request-review`. A pending one has no `submitted_at`. */
export function presentReview(world: World, issue: PullRequestRecord, review: ReviewRecord): Json {
  const { repository, pullUrl, page } = addresses(world, issue);
  const html = `${page}#pullrequestreview-${review.id}`;
  return {
    id: review.id,
    node_id: nodeId("PullRequestReview", review.id),
    user: presentUser(world, userById(world.store.state, review.authorId)),
    body: review.body,
    state: review.state,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, review.authorId),
    _links: { html: { href: html }, pull_request: { href: pullUrl } },
    ...(review.submittedAt ? { submitted_at: review.submittedAt } : {}),
    commit_id: review.commitId,
  };
}

/**
 * GitHub's `pull-request-review-comment`. `line`, `position` and `commit_id` follow the pull request's head as
 * long as the line is shown in its diff; afterwards they are null and the `original_` ones remain.
 */
export async function presentReviewComment(
  world: World,
  issue: PullRequestRecord,
  comment: ReviewCommentRecord,
): Promise<Json> {
  const { repository, pullUrl, page } = addresses(world, issue);
  const url = `${apiUrl(world, repository)}/pulls/comments/${comment.id}`;
  const html = `${page}#discussion_r${comment.id}`;
  const place = await currentPlace(world, issue, comment);
  return {
    url,
    pull_request_review_id: comment.reviewId,
    id: comment.id,
    node_id: nodeId("PullRequestReviewComment", comment.id),
    diff_hunk: comment.diffHunk,
    path: comment.path,
    commit_id: place ? issue.pull.headSha : comment.commitId,
    original_commit_id: comment.commitId,
    user: presentUser(world, userById(world.store.state, comment.authorId)),
    body: comment.body,
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    html_url: html,
    pull_request_url: pullUrl,
    author_association: associationOf(repository, comment.authorId),
    _links: { self: { href: url }, html: { href: html }, pull_request: { href: pullUrl } },
    reactions: noReactions(url),
    ...(comment.subjectType === "line" ? linePlace(comment, place) : {}),
    position: place?.position ?? (comment.subjectType === "file" && place ? 1 : null),
    original_position: comment.position ?? 1,
    subject_type: comment.subjectType,
    ...(comment.inReplyTo === null ? {} : { in_reply_to_id: comment.inReplyTo }),
  };
}

function linePlace(comment: ReviewCommentRecord, place: Awaited<ReturnType<typeof currentPlace>>): Json {
  return {
    start_line: place?.startLine ?? null,
    original_start_line: comment.startLine,
    start_side: comment.startSide,
    line: place?.line ?? null,
    original_line: comment.line,
    side: comment.side,
  };
}

function noReactions(url: string): Json {
  const kinds = ["total_count", "+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"];
  return { url: `${url}/reactions`, ...Object.fromEntries(kinds.map((kind) => [kind, 0])) };
}

function addresses(world: World, issue: PullRequestRecord) {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  return {
    repository,
    pullUrl: `${apiUrl(world, repository)}/pulls/${issue.number}`,
    page: `${pageUrl(world, repository)}/pull/${issue.number}`,
  };
}

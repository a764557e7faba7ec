import { z } from "zod";
import { fetchAll, fetchOne } from "./answers.ts";
import { type Author, authorSchema } from "./author.ts";
import type { GitHubClient } from "./client.ts";
import { checkBody } from "./comments.ts";
import { GitHubNotFound } from "./errors.ts";
import { type RepositoryRef, routeOf } from "./repositories.ts";

export type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

/** An inline comment on lines of the new version, or of the old one (GitHub's side LEFT). */
export interface InlineComment {
  readonly path: string;
  /** RIGHT where absent. */
  readonly side?: "LEFT";
  /** The line, or the last of several. */
  readonly line: number;
  /** The first of several lines, in the same hunk. */
  readonly startLine?: number;
  readonly body: string;
}

export interface ReviewDraft {
  /** The head that the lines belong to. */
  readonly commitId: string;
  readonly body: string;
  /** Absent: a draft (GitHub's PENDING), which only its author sees and which notifies nobody. */
  readonly event?: ReviewEvent;
  readonly comments: readonly InlineComment[];
}

export interface PostedReview {
  readonly id: number;
  readonly author: Author;
  readonly body: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  /** null where the commit is gone. */
  readonly commitId: string | null;
  /** Its page for people. */
  readonly url: string;
}

const reviewSchema = z
  .object({
    id: z.int().positive(),
    user: authorSchema,
    body: z.string().nullish(),
    state: z.enum(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED", "PENDING"]),
    commit_id: z.string().nullish(),
    html_url: z.string(),
  })
  .transform((r): PostedReview => ({
    id: r.id,
    author: r.user,
    body: r.body ?? "",
    state: r.state,
    commitId: r.commit_id ?? null,
    url: r.html_url,
  }));

/** All reviews, oldest first, past every cache. Drafts are listed to their own author alone. */
export async function listReviews(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
): Promise<PostedReview[]> {
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews";
  return fetchAll(client, reviewSchema, route, { ...routeOf(repo), pull_number: number }, { fresh: true });
}

/** What a review says where: the path and text of each of its inline comments. */
export async function listReviewComments(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  reviewId: number,
): Promise<{ path: string; body: string }[]> {
  const route = "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/comments";
  const parameters = { ...routeOf(repo), pull_number: number, review_id: reviewId };
  return fetchAll(client, z.object({ path: z.string(), body: z.string() }), route, parameters, {
    fresh: true,
  });
}

/**
 * Writes a review with its comments, all or nothing, once: after GitHubUnavailable it may or may not be
 * there. `postReviewOnce` knows what to do then.
 */
export async function createReview(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { commitId, body, event, comments }: ReviewDraft,
): Promise<PostedReview> {
  checkBody(body);
  for (const comment of comments) checkBody(comment.body);
  const route = "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews";
  return fetchOne(client, reviewSchema, route, {
    ...routeOf(repo),
    pull_number: number,
    commit_id: commitId,
    body,
    ...(event !== undefined && { event }),
    comments: comments.map(toWireComment),
  });
}

/** GitHub refuses a start line that equals the line, so that a single line goes without. */
function toWireComment({ path, side: other, line, startLine, body }: InlineComment) {
  const side = other ?? "RIGHT";
  const several = startLine !== undefined && startLine !== line;
  return { path, body, line, side, ...(several && { start_line: startLine, start_side: side }) };
}

/** Takes the verdict of a posted review out of force. Its text stays, and GitHub shows the message beside it. */
export async function dismissReview(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { reviewId, message }: { reviewId: number; message: string },
): Promise<void> {
  const route = "PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals";
  await client.send(route, { ...routeOf(repo), pull_number: number, review_id: reviewId, message });
}

/** Takes a draft back; one that is gone already is fine. */
export async function deletePendingReview(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  reviewId: number,
): Promise<void> {
  const route = "DELETE /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}";
  try {
    await client.send(route, { ...routeOf(repo), pull_number: number, review_id: reviewId });
  } catch (error) {
    if (!(error instanceof GitHubNotFound)) throw error;
  }
}

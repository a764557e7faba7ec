import type { GitHubClient } from "./client.ts";
import { GitHubForbidden, GitHubInvalid, GitHubNotFound } from "./errors.ts";
import type { RepositoryRef } from "./repositories.ts";
import { isDismissed } from "./review-refusals.ts";
import { dismissReview, listReviews, type PostedReview } from "./reviews.ts";

/** Which of a pull request's reviews lose their verdict. */
export interface VerdictsToDismiss {
  /** What the markers of all our reviews of this pull request begin with. */
  readonly markerStart: string;
  /** GitHub's id of the client's user: of other people's reviews none is touched. */
  readonly viewerId: number;
  /** The verdict that holds now, and so may stay; undefined where there is none. */
  readonly verdict: "APPROVE" | "REQUEST_CHANGES" | undefined;
  /** Shown in the conversation beside what is dismissed. */
  readonly message: string;
}

/** A review whose verdict stays in force, since GitHub refuses to dismiss it. */
export interface RefusedDismissal {
  readonly review: PostedReview;
  readonly error: GitHubForbidden | GitHubInvalid | GitHubNotFound;
}

/**
 * Dismisses what our earlier reviews of a pull request say against, or in favour of, merging it, where it is no longer
 * so: a comment leaves an earlier approval, or request for changes, of the same user in force. Safe to repeat.
 *
 * @returns where GitHub refuses: on a protected branch the right to dismiss can be limited to some people.
 */
export async function dismissVerdicts(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { markerStart, viewerId, verdict, message }: VerdictsToDismiss,
): Promise<RefusedDismissal[]> {
  const reviews = await listReviews(client, repo, number);
  const wrong = reviews.filter(
    ({ author, body, state }) =>
      author.id === viewerId &&
      body.includes(markerStart) &&
      ((state === "APPROVED" && verdict !== "APPROVE") ||
        (state === "CHANGES_REQUESTED" && verdict !== "REQUEST_CHANGES")),
  );
  const refused: RefusedDismissal[] = [];
  for (const review of wrong) {
    try {
      await dismissReview(client, repo, number, { reviewId: review.id, message });
    } catch (error) {
      if (isDismissed(error)) continue;
      if (!isRefusal(error)) throw error;
      refused.push({ review, error });
    }
  }
  return refused;
}

function isRefusal(error: unknown): error is RefusedDismissal["error"] {
  return (
    error instanceof GitHubForbidden || error instanceof GitHubNotFound || error instanceof GitHubInvalid
  );
}

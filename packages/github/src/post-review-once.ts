import { setTimeout as pause } from "node:timers/promises";
import type { GitHubClient } from "./client.ts";
import { checkBody } from "./comments.ts";
import { GitHubInvalid, isDoubtful } from "./errors.ts";
import { findRefusedComments } from "./refused-comments.ts";
import type { RepositoryRef } from "./repositories.ts";
import { isOwnPullRequest, isPendingReview, isRefusedComment } from "./review-refusals.ts";
import {
  createReview,
  deletePendingReview,
  listReviewComments,
  listReviews,
  type PostedReview,
  type ReviewDraft,
  type ReviewEvent,
} from "./reviews.ts";

/** A review that must appear once, however often it is tried. */
export interface ReviewToPost {
  /** A hidden text that only this review's body carries, such as an HTML comment with the review's key. */
  readonly marker: string;
  /** What the markers of all our reviews of this pull request begin with: by it our drafts are known. */
  readonly markerStart: string;
  /** GitHub's id of the client's user: a login can change. */
  readonly viewerId: number;
  /** `body` contains the marker. */
  readonly review: ReviewDraft & { readonly event: ReviewEvent };
  /** Whether an earlier attempt, of this process or another, may have written it. */
  readonly doubtful: boolean;
}

export interface PostedOnce {
  /** Undefined where the user has a draft of their own on the pull request: GitHub takes no review beside it. */
  readonly review: PostedReview | undefined;
  /** Indices of the comments that GitHub did not take, in ascending order: they belong into the summary. */
  readonly movedToSummary: number[];
}

/** A second POST may follow one that seems to have failed; after a third, somebody should look. */
const maxDoubtfulPosts = 2;

/**
 * Posts a review exactly once. GitHub answers 5xx to reviews that it posts all the same, so that after any
 * doubtful answer the marker is looked for before anything is written again. What GitHub refuses is mended
 * where that can be done: a verdict on one's own pull request becomes a comment, comments that are off the
 * diff are found (by drafts, which nobody sees) and left out, and where the user has a draft of their own,
 * which is never touched, nothing is posted.
 *
 * @throws GitHubInvalid where GitHub refuses for another reason
 * @throws GitHubUnavailable after two doubtful attempts; call again later with `doubtful: true`
 */
export async function postReviewOnce(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { marker, markerStart, viewerId, review, doubtful }: ReviewToPost,
): Promise<PostedOnce> {
  checkBody(review.body);
  if (!review.body.includes(marker)) throw new GitHubInvalid("The review's body does not carry its marker");

  /** What became of earlier attempts: the posted review, and our drafts, for whichever head, which are taken back. */
  async function reconcile(): Promise<{ posted: PostedReview | undefined; othersDraft: boolean }> {
    const reviews = await listReviews(client, repo, number);
    const users = reviews.filter(({ author }) => author.id === viewerId);
    const posted = users.find(({ state, body }) => state !== "PENDING" && body.includes(marker));
    const drafts = users.filter(({ state }) => state === "PENDING");
    const ours = drafts.filter(({ body }) => body.includes(markerStart));
    for (const draft of ours) await deletePendingReview(client, repo, number, draft.id);
    return { posted, othersDraft: drafts.length > ours.length };
  }

  async function describe(posted: PostedReview): Promise<PostedOnce> {
    return { review: posted, movedToSummary: await missingComments(client, repo, number, posted, review) };
  }

  if (doubtful) {
    // Whoever gave up the earlier attempt did not wait for its end.
    await pause(client.settleMs);
    const { posted } = await reconcile();
    if (posted !== undefined) return describe(posted);
  }

  let event = review.event;
  let refused: number[] | undefined;
  let someRefused = false;
  let draftMet = false;
  for (let doubtfulPosts = 0; ;) {
    try {
      if (someRefused) {
        refused ??= await findRefusedComments(review.comments.length, (indices) =>
          acceptsComments(client, repo, number, { ...review, body: marker }, indices),
        );
      }
      const comments = review.comments.filter((_, index) => !refused?.includes(index));
      const posted = await createReview(client, repo, number, { ...review, event, comments });
      return { review: posted, movedToSummary: refused ?? [] };
    } catch (error) {
      if (isDoubtful(error)) {
        doubtfulPosts += 1;
        // GitHub may still be at work on what it gave up answering.
        await pause(client.settleMs);
        const { posted } = await reconcile();
        if (posted !== undefined) return describe(posted);
        if (doubtfulPosts === maxDoubtfulPosts) throw error;
      } else if (isOwnPullRequest(error) && event !== "COMMENT") {
        event = "COMMENT";
      } else if (isPendingReview(error)) {
        const { posted, othersDraft } = await reconcile();
        if (posted !== undefined) return describe(posted);
        if (othersDraft || draftMet) return { review: undefined, movedToSummary: allOf(review) };
        draftMet = true;
      } else if (isRefusedComment(error) && review.comments.length > 0 && !someRefused) {
        someRefused = true;
      } else {
        throw error;
      }
    }
  }
}

/** Whether GitHub takes these comments of a review: tried with a draft, which is taken back. */
async function acceptsComments(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { commitId, body, comments }: ReviewDraft,
  indices: readonly number[],
): Promise<boolean> {
  try {
    const some = comments.filter((_, index) => indices.includes(index));
    const draft = await createReview(client, repo, number, { commitId, body, comments: some });
    await deletePendingReview(client, repo, number, draft.id);
    return true;
  } catch (error) {
    if (isRefusedComment(error)) return false;
    throw error;
  }
}

/** Indices of the wanted comments that a posted review does not have. */
async function missingComments(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  posted: PostedReview,
  { comments }: ReviewDraft,
): Promise<number[]> {
  if (comments.length === 0) return [];
  const there = (await listReviewComments(client, repo, number, posted.id)).map(commentKey);
  return comments.flatMap((comment, index) => {
    const found = there.indexOf(commentKey(comment));
    if (found === -1) return [index];
    there.splice(found, 1);
    return [];
  });
}

/** A comment by path and text: its lines move with later pushes. GitHub may change line ends and outer blanks. */
function commentKey({ path, body }: { path: string; body: string }): string {
  return `${path}\n${body.replace(/\r\n?/g, "\n").trim()}`;
}

function allOf({ comments }: ReviewDraft): number[] {
  return comments.map((_, index) => index);
}

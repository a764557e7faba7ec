import { setTimeout as pause } from "node:timers/promises";
import type { GitHubClient } from "./client.ts";
import { checkBody } from "./comments.ts";
import { GitHubInvalid, isDoubtful } from "./errors.ts";
import { findRefusedComments } from "./refused-comments.ts";
import type { RepositoryRef } from "./repositories.ts";
import { draftInTheWay, isOwnPullRequest, isPendingReview, isRefusedComment } from "./review-refusals.ts";
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
  /** Login of the client's user. */
  readonly viewerLogin: string;
  /** `body` contains the marker. */
  readonly review: ReviewDraft & { readonly event: ReviewEvent };
  /** Whether an earlier attempt, of this process or another, may have written it. */
  readonly doubtful: boolean;
}

export interface PostedOnce {
  readonly review: PostedReview;
  /** Indices of the comments that GitHub refused, in ascending order: they belong into the summary. */
  readonly movedToSummary: number[];
}

/** A second POST may follow one that seems to have failed; after a third, somebody should look. */
const maxDoubtfulPosts = 2;

/**
 * Posts a review exactly once. GitHub answers 5xx to reviews that it posts all the same, so that after any
 * doubtful answer the marker is looked for before anything is written again. What GitHub refuses is mended
 * where that can be done: a verdict on one's own pull request becomes a comment, and comments that are off
 * the diff are found (by drafts, which nobody sees) and left out.
 *
 * @throws GitHubInvalid where a person's own draft stands in the way, or GitHub refuses for another reason
 * @throws GitHubUnavailable after two doubtful attempts; call again later with `doubtful: true`
 */
export async function postReviewOnce(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { marker, viewerLogin, review, doubtful }: ReviewToPost,
): Promise<PostedOnce> {
  checkBody(review.body);
  if (!review.body.includes(marker)) throw new GitHubInvalid("The review's body does not carry its marker");

  /** What became of earlier attempts: the posted review, and our own drafts, which are taken back. */
  async function reconcile(): Promise<{ posted: PostedReview | undefined; drafts: number }> {
    const reviews = await listReviews(client, repo, number);
    const own = reviews.filter(
      ({ author, body }) => isSameLogin(author.login, viewerLogin) && body.includes(marker),
    );
    const posted = own.find(({ state }) => state !== "PENDING");
    const drafts = own.filter(({ state }) => state === "PENDING");
    for (const draft of drafts) await deletePendingReview(client, repo, number, draft.id);
    return { posted, drafts: drafts.length };
  }

  async function describe(posted: PostedReview): Promise<PostedOnce> {
    return { review: posted, movedToSummary: await missingComments(client, repo, number, posted, review) };
  }

  if (doubtful) {
    const { posted } = await reconcile();
    if (posted !== undefined) return describe(posted);
  }

  let event = review.event;
  let refused: number[] | undefined;
  let draftsRemoved = false;
  for (let doubtfulPosts = 0; ;) {
    const comments = review.comments.filter((_, index) => !refused?.includes(index));
    try {
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
        const { posted, drafts } = await reconcile();
        if (posted !== undefined) return describe(posted);
        if (drafts === 0 || draftsRemoved) throw draftInTheWay(viewerLogin, error);
        draftsRemoved = true;
      } else if (isRefusedComment(error) && comments.length > 0 && refused === undefined) {
        refused = await findRefusedComments(review.comments.length, (indices) =>
          acceptsComments(client, repo, number, { ...review, body: marker }, indices),
        );
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

function isSameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

import type { Db } from "@nectr/db";
import { upsertSummaryComment } from "@nectr/github";
import { moveToSummary, renderReviewRequest, renderSummary, type Review, summaryMarker } from "@nectr/review";
import { finishStage, readCheckpoint } from "../checkpoint-store.ts";
import { ClaimLost } from "../claim.ts";
import { findMoved } from "../find-moved.ts";
import { saveFindings } from "../finding-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { type InlineOutcome, inlineOutcome, postInline } from "./post-inline.ts";
import type { ReviewContext } from "./review-context.ts";
import { withdrawVerdicts } from "./withdraw-verdicts.ts";

/** What is on GitHub now. `review` as it was posted, with the comments that GitHub did not take moved to the summary. */
export interface Posted {
  readonly review: Review;
  /** Null where there was nothing to place and no binding verdict, or GitHub took none: the summary says it all. */
  readonly githubReviewId: number | null;
  /** Of the review, or else of the summary. */
  readonly url: string;
  readonly summaryCommentId: number;
}

const refusedLines = "GitHub takes no comment on these lines";
const otherDraft =
  "this account has a draft review of its own on the pull request, and GitHub takes no other one beside it";

/** Posts the review with its inline comments, then writes the summary comment, each exactly once. */
export async function post(
  deps: ReviewDeps,
  context: ReviewContext,
  reviewId: string,
  decided: Review,
): Promise<Posted> {
  const links = { githubUrl: deps.accounts.github.githubUrl, fullName: context.repository.fullName };
  await refuseStaleHead(context);
  const request = renderReviewRequest(decided, links);
  const noted = await notedOutcome(deps.db, reviewId);
  // An attempt that posted nothing, since there was nothing to post or a draft was in the way, binds nobody.
  const saved = noted?.posted ? noted : undefined;
  const outcome = saved ?? (await postInline(deps.db, context, { reviewId, key: decided.key, request }));
  const { posted, movedToSummary } = outcome;
  const draftInTheWay = posted === null && request !== undefined;
  const review = moveToSummary(decided, movedToSummary, draftInTheWay ? otherDraft : refusedLines);
  // Together, so that the ledger knows of every comment that people can see, whatever happens next.
  if (saved === undefined) await recordInline(context, reviewId, review, outcome);
  // A verdict that was given just now is the one that counts.
  const verdictGiven = saved === undefined && posted !== null && request?.event !== "COMMENT";
  const failures = [
    ...(draftInTheWay ? [`GitHub's own review: ${otherDraft}`] : []),
    ...(verdictGiven ? [] : await withdrawVerdicts(deps, context, reviewId, review)),
  ];
  const summary = await postSummary(context, {
    body: renderSummary(withFailures(review, failures), links),
    doubtful: noted !== undefined,
  });
  return {
    review,
    githubReviewId: posted?.id ?? null,
    url: posted?.url ?? summary.url,
    summaryCommentId: summary.id,
  };
}

/** What an earlier attempt did. */
async function notedOutcome(db: Db, reviewId: string): Promise<InlineOutcome | undefined> {
  const output = await readCheckpoint(db, reviewId, "post-review");
  return output === undefined ? undefined : inlineOutcome.parse(output);
}

/** For the summary alone: whether these things fail is found out anew with every posting. */
function withFailures(review: Review, failures: readonly string[]): Review {
  const { coverage } = review;
  return { ...review, coverage: { ...coverage, failures: [...coverage.failures, ...failures] } };
}

async function recordInline(
  { claim }: ReviewContext,
  reviewId: string,
  review: Review,
  outcome: InlineOutcome,
): Promise<void> {
  await claim.record(async (tx) => {
    await finishStage(tx, reviewId, "post-review", outcome);
    await saveFindings(tx, reviewId, review);
  });
}

async function postSummary(
  { account, ref, pull, claim, repository }: ReviewContext,
  { body, doubtful }: { body: string; doubtful: boolean },
): Promise<{ id: number; url: string }> {
  const known = claim.grant.summaryCommentId;
  return await claim.write(() =>
    upsertSummaryComment(account.client, ref, pull.number, {
      marker: summaryMarker(repository.id, pull.number),
      viewerId: account.githubId,
      body,
      ...(known !== null && { knownId: known }),
      doubtful,
    }),
  );
}

async function refuseStaleHead({ account, ref, pull }: ReviewContext): Promise<void> {
  const moved = await findMoved(account.client, ref, pull);
  if (moved !== undefined) throw new ClaimLost("moved", moved);
}

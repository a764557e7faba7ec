import type { Db } from "@nectr/db";
import { getPullRequest, type InlineComment, postReviewOnce, upsertSummaryComment } from "@nectr/github";
import {
  moveToSummary,
  renderReviewRequest,
  renderSummary,
  type Review,
  type ReviewKey,
  reviewMarker,
  type ReviewRequest,
  summaryMarker,
} from "@nectr/review";
import { z } from "zod";
import { beginStage, finishStage, readCheckpoint } from "../checkpoint-store.ts";
import { ClaimLost } from "../claim.ts";
import { saveFindings } from "../finding-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import type { ReviewContext } from "./review-context.ts";

/** What is on GitHub now. `review` as it was posted, with the comments that GitHub refused moved to the summary. */
export interface Posted {
  readonly review: Review;
  /** Null where there was nothing to place and no binding verdict: then the summary says it all. */
  readonly githubReviewId: number | null;
  /** Of the review, or else of the summary. */
  readonly url: string;
  readonly summaryCommentId: number;
}

const inlineOutcome = z.object({
  posted: z.object({ id: z.number(), url: z.string() }).nullable(),
  movedToSummary: z.array(z.number()),
});

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
  const saved = await readCheckpoint(deps.db, reviewId, "post-review");
  const { posted, movedToSummary } =
    saved === undefined
      ? await postInline(deps.db, context, { reviewId, key: decided.key, request })
      : inlineOutcome.parse(saved);
  const review = moveToSummary(decided, movedToSummary, "GitHub takes no comment on these lines");
  // Together, so that the ledger knows of every comment that people can see, whatever happens next.
  if (saved === undefined) await recordInline(deps.db, reviewId, review, { posted, movedToSummary });
  const summary = await postSummary(context, renderSummary(review, links));
  return {
    review,
    githubReviewId: posted?.id ?? null,
    url: posted?.url ?? summary.url,
    summaryCommentId: summary.id,
  };
}

async function postInline(
  db: Db,
  { account, ref, pull, claim }: ReviewContext,
  { reviewId, key, request }: { reviewId: string; key: ReviewKey; request: ReviewRequest | undefined },
): Promise<z.infer<typeof inlineOutcome>> {
  const { doubtful } = await beginStage(db, reviewId, "post-review");
  if (request === undefined) return { posted: null, movedToSummary: [] };
  await claim.guardWrite();
  const { review, movedToSummary } = await postReviewOnce(account.client, ref, pull.number, {
    marker: reviewMarker(key),
    viewerLogin: account.login,
    review: { ...request, comments: request.comments.map(toInlineComment) },
    doubtful,
  });
  return { posted: { id: review.id, url: review.url }, movedToSummary };
}

async function recordInline(
  db: Db,
  reviewId: string,
  review: Review,
  outcome: z.infer<typeof inlineOutcome>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await finishStage(tx, reviewId, "post-review", outcome);
    await saveFindings(tx, reviewId, review);
  });
}

function toInlineComment({ path, line, start_line, body }: ReviewRequest["comments"][number]): InlineComment {
  return { path, line, body, ...(start_line !== undefined && { startLine: start_line }) };
}

async function postSummary(
  { account, ref, pull, claim, repository }: ReviewContext,
  body: string,
): Promise<{ id: number; url: string }> {
  await claim.guardWrite();
  const known = claim.grant.summaryCommentId;
  return await upsertSummaryComment(account.client, ref, pull.number, {
    marker: summaryMarker(repository.id, pull.number),
    viewerLogin: account.login,
    body,
    ...(known !== null && { knownId: known }),
  });
}

/** A push may have come while we worked, and its webhook may be late: GitHub has the last word on the head. */
async function refuseStaleHead({ account, ref, pull }: ReviewContext): Promise<void> {
  const now = await getPullRequest(account.client, ref, pull.number);
  if (now.state === "closed" || now.head.sha !== pull.head.sha) throw new ClaimLost("moved");
}

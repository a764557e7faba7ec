import type { Db } from "@nectr/db";
import { type InlineComment, postReviewOnce } from "@nectr/github";
import { type ReviewKey, reviewMarker, reviewMarkerStart, type ReviewRequest } from "@nectr/review";
import { z } from "zod";
import { beginStage } from "../checkpoint-store.ts";
import type { ReviewContext } from "./review-context.ts";

/** What became of the review itself, as its checkpoint keeps it. */
export const inlineOutcome = z.object({
  /**
   * Null where there was nothing to post, or where the user had a draft of their own on the pull request, beside which
   * GitHub takes no review.
   */
  posted: z.object({ id: z.number(), url: z.string() }).nullable(),
  movedToSummary: z.array(z.number()),
});
export type InlineOutcome = z.infer<typeof inlineOutcome>;

/** Posts the review with its inline comments, exactly once. The caller notes the stage's end. */
export async function postInline(
  db: Db,
  { account, ref, pull, claim }: ReviewContext,
  { reviewId, key, request }: { reviewId: string; key: ReviewKey; request: ReviewRequest | undefined },
): Promise<InlineOutcome> {
  const { doubtful } = await beginStage(db, reviewId, "post-review");
  if (request === undefined) return { posted: null, movedToSummary: [] };
  const { review, movedToSummary } = await claim.write(() =>
    postReviewOnce(account.client, ref, pull.number, {
      marker: reviewMarker(key),
      markerStart: reviewMarkerStart(key),
      viewerId: account.githubId,
      review: { ...request, comments: request.comments.map(toInlineComment) },
      doubtful,
    }),
  );
  return { posted: review === undefined ? null : { id: review.id, url: review.url }, movedToSummary };
}

function toInlineComment(comment: ReviewRequest["comments"][number]): InlineComment {
  const { path, side, line, start_line, body } = comment;
  return {
    path,
    ...(side === "LEFT" && { side }),
    line,
    body,
    ...(start_line !== undefined && { startLine: start_line }),
  };
}

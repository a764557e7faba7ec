import { dismissVerdicts } from "@nectr/github";
import { type Review, reviewMarkerStart } from "@nectr/review";
import type { ReviewDeps } from "../worker-deps.ts";
import { hasOtherBindingVerdict } from "../verdict-store.ts";
import type { ReviewContext } from "./review-context.ts";

const verdicts = { approve: "APPROVE", request_changes: "REQUEST_CHANGES", comment: undefined } as const;

/**
 * Takes earlier binding verdicts out of force that this review does not repeat. GitHub lets a person's last verdict
 * count whatever they comment later: code that we declined to approve would stay approved, mended code blocked.
 * @returns what GitHub refused, in words for the reader of the summary. It is no reason to fail: the right to dismiss
 * may be somebody else's, so that repeating would not help, and the review itself is there.
 */
export async function withdrawVerdicts(
  { db, logger }: Pick<ReviewDeps, "db" | "logger">,
  { account, ref, pull, claim }: ReviewContext,
  reviewId: string,
  { key, binding, verdict }: Review,
): Promise<string[]> {
  const { repositoryId, number, headSha } = key;
  if (!(await hasOtherBindingVerdict(db, { reviewId, repositoryId, number }))) return [];
  const refused = await claim.write(() =>
    dismissVerdicts(account.client, ref, number, {
      markerStart: reviewMarkerStart(key),
      viewerId: account.githubId,
      verdict: binding ? verdicts[verdict] : undefined,
      message: `Nectr no longer says so of \`${headSha.slice(0, 7)}\`; see its summary comment.`,
    }),
  );
  return refused.map(({ review, error }) => {
    const advice = "GitHub does not let this account dismiss it: somebody who may should do so by hand";
    logger.warn({ err: error, pull: pull.url, review: review.url }, `an old verdict is in force. ${advice}`);
    const said = review.state === "APPROVED" ? "approval" : "request for changes";
    return `the ${said} of ${review.commitId?.slice(0, 7) ?? "an earlier head"} is still in force. ${advice}`;
  });
}

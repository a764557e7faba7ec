import {
  type CommitStatus,
  GitHubForbidden,
  GitHubInvalid,
  GitHubNotFound,
  GitHubUnavailable,
  maxStatusDescription,
  setCommitStatus,
} from "@nectr/github";
import { type Review, severities } from "@nectr/review";
import { z } from "zod";
import { beginStage, finishStage, readCheckpoint } from "../checkpoint-store.ts";
import { asFirstAdmitted, refOf } from "../repository-access.ts";
import { findAnnounced } from "../review-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import type { ReviewContext } from "./review-context.ts";

const context = "nectr/review";

type Said = Pick<CommitStatus, "state" | "description">;
type Outcome = Pick<Review, "verdict" | "doubts" | "findings" | "stillOpen" | "unchecked">;

const underWay: Said = { state: "pending", description: "Nectr is reviewing" };

/** What the commit status says of a review: success only where all that should have been read was, and nothing blocks. */
export function statusOf({ verdict, doubts, findings, stillOpen, unchecked }: Outcome): Said {
  const open = [...findings, ...stillOpen, ...unchecked];
  const counts = severities.flatMap((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : `${count} ${severity}`;
  });
  const found = `${open.length === 1 ? "1 finding" : `${open.length} findings`} (${counts.join(", ")})`;
  if (verdict === "request_changes") {
    const also = doubts.length > 0 ? "; and not everything was read" : "";
    return { state: "failure", description: clip(`${found} to see to${also}`) };
  }
  if (doubts.length > 0) return { state: "failure", description: clip(doubts.join(" ").replaceAll("`", "")) };
  const nothing = "Everything was read, and nothing found";
  return {
    state: "success",
    description: clip(open.length === 0 ? nothing : `Everything was read; ${found}, none of which blocks`),
  };
}

function clip(text: string): string {
  return text.length <= maxStatusDescription ? text : `${text.slice(0, maxStatusDescription - 1)}…`;
}

/** What became of the status at the beginning, as its checkpoint keeps it. */
const announced = z.object({ failures: z.array(z.string()) });

/**
 * Says on the head that a review is under way. Once for a review, however often that begins again.
 *
 * @returns what GitHub refused, in words for the reader of the review: it goes on without
 */
export async function announceReview(
  { db, logger }: Pick<ReviewDeps, "db" | "logger">,
  review: ReviewContext,
  reviewId: string,
): Promise<string[]> {
  const earlier = await readCheckpoint(db, reviewId, "status");
  if (earlier !== undefined) return announced.parse(earlier).failures;
  await beginStage(db, reviewId, "status");
  const failures = await setStatus({ logger }, review, { ...underWay, targetUrl: review.pull.url });
  await review.claim.record((tx) => finishStage(tx, reviewId, "status", { failures }));
  return failures;
}

/**
 * Says on the head what came of the review, where it was said that one is under way. Nothing depends on it, and to say it
 * twice does no harm.
 *
 * @param posted the review as it is on GitHub now, and where
 */
export async function concludeReview(
  { db, logger }: Pick<ReviewDeps, "db" | "logger">,
  review: ReviewContext,
  reviewId: string,
  posted: { readonly review: Review; readonly url: string },
): Promise<void> {
  const earlier = await readCheckpoint(db, reviewId, "status");
  if (earlier === undefined || announced.parse(earlier).failures.length > 0) return;
  await setStatus({ logger }, review, { ...statusOf(posted.review), targetUrl: posted.url });
}

/** Says on the head that its review failed for good, where it was said that one is under way. */
export async function reportFailure(
  { db, accounts, logger }: Pick<ReviewDeps, "db" | "accounts" | "logger">,
  eventId: string,
): Promise<void> {
  const announced = await findAnnounced(db, eventId);
  if (announced === undefined) return;
  const { repositoryId, fullName, headSha } = announced;
  const description = "The review failed; the next push is reviewed again";
  try {
    await asFirstAdmitted(accounts, repositoryId, ({ client }) =>
      setCommitStatus(client, refOf(fullName), headSha, { state: "error", description, context }),
    );
  } catch (error) {
    // The failure itself is told with the event; nobody waits for this.
    logger.warn({ err: error, eventId }, "the commit status could not be set");
  }
}

/** Not through the claim's `write`: that is for what a newer head must not interrupt. */
async function setStatus(
  { logger }: Pick<ReviewDeps, "logger">,
  { account, ref, pull }: ReviewContext,
  status: Omit<CommitStatus, "context">,
): Promise<string[]> {
  try {
    await setCommitStatus(account.client, ref, pull.head.sha, { ...status, context });
    return [];
  } catch (error) {
    const refused =
      error instanceof GitHubForbidden ||
      error instanceof GitHubNotFound ||
      error instanceof GitHubInvalid ||
      error instanceof GitHubUnavailable;
    if (!refused) throw error;
    logger.warn({ err: error, pull: pull.url }, "the commit status could not be set");
    return [
      `the commit status \`${context}\`: ` +
        (error instanceof GitHubInvalid || error instanceof GitHubUnavailable
          ? "GitHub does not take it"
          : "GitHub does not let this account set it, for which it takes write access"),
    ];
  }
}

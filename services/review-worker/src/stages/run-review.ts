import type { Review } from "@nectr/review";
import { completeReview, openReview, saveResult, type StoredReview } from "../review-store.ts";
import { readLedger } from "../finding-store.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { askModel } from "./ask-model.ts";
import { compose } from "./compose.ts";
import { gather } from "./gather.ts";
import { inspect } from "./inspect.ts";
import { post } from "./post.ts";
import type { ReviewContext } from "./review-context.ts";

/**
 * One review of one head, from the first look to the comment on GitHub. It can die anywhere and begin again: what
 * was decided is saved before it is posted, and nothing is posted or paid for twice.
 */
export async function runReview(deps: ReviewDeps, context: ReviewContext): Promise<void> {
  const start = performance.now();
  const { eventId, pull, claim } = context;
  const stored = await openReview(deps.db, claim.grant, eventId);
  const decided = stored.result ?? (await decide(deps, context, stored));
  const posted = await post(deps, context, stored.id, decided);
  await claim.record((tx) => completeReview(tx, { ...posted, reviewId: stored.id, eventId }));

  const seconds = (performance.now() - start) / 1_000;
  deps.onReview("posted", seconds);
  const { verdict, findings, cost } = posted.review;
  deps.logger.info(
    { pull: pull.url, verdict, findings: findings.length, seconds: Number(seconds.toFixed(1)), cost },
    "review posted",
  );
}

async function decide(deps: ReviewDeps, context: ReviewContext, stored: StoredReview): Promise<Review> {
  const material = await gather(context);
  const earlier = await readLedger(deps.db, context.claim.grant);
  // First, since all that comes before a model that is away is done again with each attempt.
  const reading = await askModel(deps, context, { reviewId: stored.id, material, earlier });
  const inspection = await inspect(deps.analysers, context, material);
  const review = compose(context, { material, inspection, reading, earlier });
  context.claim.signal.throwIfAborted();
  await context.claim.record((tx) => saveResult(tx, stored.id, review));
  return review;
}

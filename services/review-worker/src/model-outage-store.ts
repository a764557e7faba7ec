import type { Db } from "@nectr/db";
import { noOutage, type Outage } from "./stages/model-away.ts";

const stage = "model-away";

/** A review, and the event for which it is made. A head that is reviewed for a later event meets an outage of its own. */
interface WaitingReview {
  readonly reviewId: string;
  readonly eventId: string;
}

type SavedOutage = Outage & Pick<WaitingReview, "eventId">;

/** How long the model has been away for a review. */
export async function readOutage(db: Db, { reviewId, eventId }: WaitingReview): Promise<Outage> {
  const row = await db
    .selectFrom("workflow_runs")
    .select("output")
    .where("review_id", "=", reviewId)
    .where("stage", "=", stage)
    .executeTakeFirst();
  // Written by `saveOutage`, and by nothing else.
  const saved = row?.output as SavedOutage | null | undefined;
  return saved?.eventId === eventId ? saved : noOutage;
}

/** Notes an outage before the review waits. */
export async function saveOutage(
  db: Db,
  { reviewId, eventId }: WaitingReview,
  { failures, lostMs }: Outage,
): Promise<void> {
  const output = JSON.stringify({ eventId, failures, lostMs } satisfies SavedOutage);
  await db
    .insertInto("workflow_runs")
    .values({ review_id: reviewId, stage, state: "started", output })
    .onConflict((conflict) => conflict.columns(["review_id", "stage"]).doUpdateSet({ output }))
    .execute();
}

import type { Database, Db } from "@nectr/db";
import { sql, type Transaction } from "kysely";

/** The steps of a review that must not be done twice, or whose repetition needs care. */
export type Stage = `model:${string}` | "post-review" | "status";

/**
 * What a stage left when it was done.
 * @returns undefined where it was not done yet.
 */
export async function readCheckpoint(db: Db, reviewId: string, stage: Stage): Promise<unknown> {
  const row = await db
    .selectFrom("workflow_runs")
    .select("output")
    .where("review_id", "=", reviewId)
    .where("stage", "=", stage)
    .where("state", "=", "done")
    .executeTakeFirst();
  return row?.output ?? undefined;
}

/**
 * Notes that a stage begins, before it does anything.
 * @returns whether an earlier attempt began it and did not note its end: what it did is in doubt.
 */
export async function beginStage(db: Db, reviewId: string, stage: Stage): Promise<{ doubtful: boolean }> {
  const row = await db
    .insertInto("workflow_runs")
    .values({ review_id: reviewId, stage, state: "started" })
    .onConflict((conflict) =>
      conflict.columns(["review_id", "stage"]).doUpdateSet((e) => ({
        attempts: e("workflow_runs.attempts", "+", 1),
        started_at: sql<Date>`now()`,
      })),
    )
    .returning("attempts")
    .executeTakeFirstOrThrow();
  return { doubtful: row.attempts > 1 };
}

/** Notes what a stage did. */
export async function finishStage(
  db: Db | Transaction<Database>,
  reviewId: string,
  stage: Stage,
  output: object,
): Promise<void> {
  await db
    .updateTable("workflow_runs")
    .set({ state: "done", output: JSON.stringify(output), finished_at: sql<Date>`now()` })
    .where("review_id", "=", reviewId)
    .where("stage", "=", stage)
    .execute();
}

import type { Db } from "@nectr/db";
import { sql } from "kysely";

/**
 * Whether another review of the pull request gave a binding verdict, or may have: its posting began. Where verdicts
 * are advisory this is never so, and GitHub need not be asked.
 */
export async function hasOtherBindingVerdict(
  db: Db,
  { reviewId, repositoryId, number }: { reviewId: string; repositoryId: number; number: number },
): Promise<boolean> {
  const other = await db
    .selectFrom("reviews")
    .innerJoin("workflow_runs", "workflow_runs.review_id", "reviews.id")
    .select("reviews.id")
    .where("workflow_runs.stage", "=", "post-review")
    .where("reviews.repository_id", "=", repositoryId)
    .where("reviews.number", "=", number)
    .where("reviews.id", "!=", reviewId)
    .where("reviews.verdict", "in", ["approve", "request_changes"])
    .where(sql<boolean>`(reviews.result ->> 'binding')::boolean`)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

import type { Database, Db, ReviewRow } from "@nectr/db";
import type { Review, ReviewKey } from "@nectr/review";
import { sql, type Transaction } from "kysely";

/** A review under way, or done. */
export interface StoredReview {
  readonly id: string;
  /** The decided review, where an earlier attempt came so far. */
  readonly result: Review | undefined;
}

/** Finds the review of a key, or begins it. */
export async function openReview(db: Db, key: ReviewKey, eventId: string): Promise<StoredReview> {
  const row = await db
    .insertInto("reviews")
    .values({
      repository_id: key.repositoryId,
      number: key.number,
      head_sha: key.headSha,
      generation: key.generation,
      event_id: eventId,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["repository_id", "number", "head_sha", "generation"])
        // One that failed goes on where it stopped. One that was superseded, and whose head came back, is composed
        // anew: the ledger has changed meanwhile, but the model's answers are still there.
        .doUpdateSet((e) => ({
          error: null,
          // The end of this event is the end of the review that it takes up.
          event_id: sql<string>`case when ${e.ref("reviews.status")} = 'posted' then ${e.ref("reviews.event_id")}
            else ${e.ref("excluded.event_id")} end`,
          result: sql`case when ${e.ref("reviews.status")} = 'superseded' then null
            else ${e.ref("reviews.result")} end`,
          status: sql<ReviewRow["status"]>`case
            when ${e.ref("reviews.status")} = 'posted' then 'posted'
            when ${e.ref("reviews.status")} = 'superseded' or ${e.ref("reviews.result")} is null then 'running'
            else 'composed' end`,
        })),
    )
    .returning(["id", "result"])
    .executeTakeFirstOrThrow();
  // Written by `saveResult`, and by nothing else.
  return { id: row.id, result: (row.result as Review | null) ?? undefined };
}

/** The head on which an event's review was said to be under way; undefined where none was, or it came to its end. */
export async function findAnnounced(
  db: Db,
  eventId: string,
): Promise<{ repositoryId: number; fullName: string; headSha: string } | undefined> {
  return await db
    .selectFrom("reviews")
    .innerJoin("workflow_runs", "workflow_runs.review_id", "reviews.id")
    .innerJoin("repositories", "repositories.id", "reviews.repository_id")
    .select(["reviews.repository_id as repositoryId", "full_name as fullName", "reviews.head_sha as headSha"])
    .where("reviews.event_id", "=", eventId)
    .where("reviews.status", "!=", "posted")
    .where("workflow_runs.stage", "=", "status")
    .executeTakeFirst();
}

/** There will be no review: the repository's own settings want none. */
export async function ignoreReview(
  tx: Transaction<Database>,
  ignored: {
    readonly reviewId: string;
    readonly eventId: string;
    readonly reason: string;
    /** `superseded`: by the event that the pull request is ready, for which it waits. */
    readonly status: "ignored" | "superseded";
  },
): Promise<void> {
  // Where an earlier attempt has got further, what it paid and found stays.
  await tx
    .deleteFrom("reviews")
    .where("id", "=", ignored.reviewId)
    .where("status", "=", "running")
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("workflow_runs").select("stage").where("review_id", "=", ignored.reviewId))),
    )
    .execute();
  await tx
    .updateTable("reviews")
    .set({ status: "superseded", finished_at: sql<Date>`now()` })
    .where("id", "=", ignored.reviewId)
    .where("status", "!=", "posted")
    .execute();
  await tx
    .updateTable("webhook_events")
    .set({ status: ignored.status, reason: ignored.reason, error: null, finished_at: sql<Date>`now()` })
    .where("event_id", "=", ignored.eventId)
    .execute();
}

/** Saves what will be posted, before any of it is. */
export async function saveResult(tx: Transaction<Database>, reviewId: string, review: Review): Promise<void> {
  await tx
    .updateTable("reviews")
    .set({ status: "composed", verdict: review.verdict, result: JSON.stringify(review) })
    .where("id", "=", reviewId)
    .execute();
}

/** What is known once all of a review is on GitHub. */
export interface PostedOutcome {
  readonly reviewId: string;
  readonly eventId: string;
  readonly review: Review;
  readonly githubReviewId: number | null;
  readonly url: string;
  readonly summaryCommentId: number;
}

/** The review is posted, and the event is complete. */
export async function completeReview(tx: Transaction<Database>, posted: PostedOutcome): Promise<void> {
  const { review, reviewId } = posted;
  const now = sql<Date>`now()`;
  await tx
    .updateTable("reviews")
    .set({
      status: "posted",
      github_review_id: posted.githubReviewId,
      url: posted.url,
      result: JSON.stringify(review),
      finished_at: now,
    })
    .where("id", "=", reviewId)
    .execute();
  await tx
    .updateTable("pull_requests")
    .set({ summary_comment_id: posted.summaryCommentId })
    .where("repository_id", "=", review.key.repositoryId)
    .where("number", "=", review.key.number)
    .execute();
  await tx
    .updateTable("webhook_events")
    .set({ status: "completed", reason: null, error: null, finished_at: now })
    .where("event_id", "=", posted.eventId)
    .execute();
}

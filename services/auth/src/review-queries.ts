import { anyOf, type Db } from "@nectr/db";
import { sql } from "kysely";
import type { PageOptions } from "./paging.ts";

const reviewColumns = [
  "reviews.id",
  "reviews.repository_id",
  "reviews.number",
  "pull_requests.title",
  "pull_requests.author_login",
  "reviews.head_sha",
  "reviews.generation",
  "reviews.status",
  "reviews.verdict",
  "reviews.url",
  "reviews.error",
  "reviews.created_at",
  "reviews.finished_at",
] as const;

/** How many findings the review left open, new and old ones; null until it is decided. */
const openFindings = sql<number | null>`(
  jsonb_array_length(reviews.result -> 'findings') +
  jsonb_array_length(reviews.result -> 'stillOpen') +
  jsonb_array_length(reviews.result -> 'unchecked')
)`.as("open_findings");

export type ReviewSummary = Awaited<ReturnType<typeof listReviews>>[number];

export type FindingRow = Awaited<ReturnType<typeof listFindings>>[number];

export function listReviews(db: Db, { repositoryIds, before, limit }: PageOptions) {
  return reviewsOf(db, repositoryIds)
    .select([...reviewColumns, openFindings])
    .$if(before !== undefined, (query) => query.where("reviews.id", "<", before ?? ""))
    .orderBy("reviews.id", "desc")
    .limit(limit)
    .execute();
}

/** A review with its result, undefined where it is of none of these repositories. */
export function findReview(db: Db, id: string, repositoryIds: readonly number[]) {
  return reviewsOf(db, repositoryIds)
    .select([...reviewColumns, openFindings, "reviews.result"])
    .where("reviews.id", "=", id)
    .executeTakeFirst();
}

/** What a review found that still stands in the ledger, in the order of the diff's lines. */
export function listFindings(db: Db, reviewId: string) {
  return db
    .selectFrom("findings")
    .select([
      "id",
      "state",
      "source",
      "rule",
      "severity",
      "category",
      "path",
      "start_line",
      "end_line",
      "title",
      "body",
      "suggestion",
      "placement",
      "placement_reason",
    ])
    .where("last_review_id", "=", reviewId)
    .orderBy("path")
    .orderBy("start_line")
    .orderBy("id")
    .execute();
}

function reviewsOf(db: Db, repositoryIds: readonly number[]) {
  return db
    .selectFrom("reviews")
    .innerJoin("pull_requests", (join) =>
      join
        .onRef("pull_requests.repository_id", "=", "reviews.repository_id")
        .onRef("pull_requests.number", "=", "reviews.number"),
    )
    .where("reviews.repository_id", "=", anyOf(repositoryIds));
}

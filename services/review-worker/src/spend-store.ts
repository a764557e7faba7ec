import type { Database, Db } from "@nectr/db";
import type { ModelUsage, Price } from "@nectr/model";
import type { ReviewCost } from "@nectr/review";
import { sql, type Transaction } from "kysely";

/** What calls of a model took, whatever came of them. */
export interface Spend {
  readonly reviewId: string;
  readonly repositoryId: number;
  readonly model: string;
  readonly usage: ModelUsage;
}

/** Notes what was paid. */
export async function saveSpend(
  db: Db | Transaction<Database>,
  { reviewId, repositoryId, model, usage }: Spend,
): Promise<void> {
  await db
    .insertInto("model_usage")
    .values({
      review_id: reviewId,
      repository_id: repositoryId,
      model,
      input_tokens: usage.inputTokens,
      cached_input_tokens: usage.cachedInputTokens,
      output_tokens: usage.outputTokens,
      cost_usd: usage.costUsd ?? null,
    })
    .execute();
}

/** What a review has cost so far; in dollars only where every price is known. Undefined where it asked no model. */
export async function readReviewCost(db: Db, reviewId: string): Promise<ReviewCost | undefined> {
  const row = await db
    .selectFrom("model_usage")
    .select(({ fn, lit }) => [
      fn.sum<number | null>("input_tokens").as("input"),
      fn.sum<number | null>("output_tokens").as("output"),
      fn.sum<number | null>("cost_usd").as("usd"),
      fn.count<number>(lit(1)).filterWhere("cost_usd", "is", null).as("unpriced"),
    ])
    .where("review_id", "=", reviewId)
    .executeTakeFirstOrThrow();
  if (row.input === null || row.output === null) return undefined;
  return {
    inputTokens: row.input,
    outputTokens: row.output,
    ...(row.unpriced === 0 && row.usd !== null && { costUsd: row.usd }),
  };
}

/** Spend of a pull request in all, and of its repository and of all repositories since the month began (UTC), in US dollars. */
export interface Spent {
  readonly pullRequest: number;
  readonly repository: number;
  readonly month: number;
}

/** @param price for answers from a time when nobody had told it. */
export async function readSpent(
  db: Db,
  { repositoryId, number }: { readonly repositoryId: number; readonly number: number },
  price: Price,
): Promise<Spent> {
  const usd = sql<number>`coalesce(sum(coalesce(cost_usd,
    (input_tokens * ${price.input}::numeric + output_tokens * ${price.output}::numeric) / 1000000)), 0)`;
  const thisMonth = sql<Date>`date_trunc('month', now(), 'UTC')`;
  const usage = db.selectFrom("model_usage").select(usd.as("usd"));
  const ofPullRequest = db
    .selectFrom("reviews")
    .select("id")
    .where("repository_id", "=", repositoryId)
    .where("number", "=", number);
  const ofMonth = usage.where("created_at", ">=", thisMonth);
  const { pullRequest, repository, month } = await db
    .selectNoFrom([
      usage.where("review_id", "in", ofPullRequest).as("pullRequest"),
      ofMonth.where("repository_id", "=", repositoryId).as("repository"),
      ofMonth.as("month"),
    ])
    .executeTakeFirstOrThrow();
  return { pullRequest: pullRequest ?? 0, repository: repository ?? 0, month: month ?? 0 };
}

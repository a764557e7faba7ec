import type { Kysely } from "kysely";

/** What a pull request, and what everybody, has spent is looked up before each call of a model. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex("model_usage_review").on("model_usage").column("review_id").execute();
  await db.schema.createIndex("model_usage_created").on("model_usage").column("created_at").execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex("model_usage_created").execute();
  await db.schema.dropIndex("model_usage_review").execute();
}

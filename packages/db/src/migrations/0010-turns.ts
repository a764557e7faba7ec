import { type Kysely, sql } from "kysely";

/** Which events wait outside the queue, and the places of the reviews that run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("webhook_events")
    .addColumn("held", "boolean", (c) => c.notNull().defaultTo(false))
    .execute();
  await db.schema
    .createIndex("webhook_events_held")
    .on("webhook_events")
    .columns(["repository_id", "event_id"])
    .where(sql.ref("held"), "=", sql.lit(true))
    .where(sql.ref("status"), "=", sql.lit("pending"))
    .execute();
  // In place of the one by repository alone, whose questions it answers too.
  await db.schema
    .createIndex("webhook_events_waiting_pull")
    .on("webhook_events")
    .columns(["repository_id", "number"])
    .where(sql.ref("status"), "=", sql.lit("pending"))
    .execute();
  await db.schema.dropIndex("webhook_events_waiting").execute();

  await db.schema
    .createTable("review_places")
    .addColumn("event_id", "uuid", (c) => c.primaryKey())
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("user_id", "bigint", (c) => c.notNull())
    .addColumn("holder", "uuid", (c) => c.notNull())
    .addColumn("expires_at", "timestamptz", (c) => c.notNull())
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("review_places").execute();
  await db.schema
    .createIndex("webhook_events_waiting")
    .on("webhook_events")
    .column("repository_id")
    .where(sql.ref("status"), "=", sql.lit("pending"))
    .execute();
  await db.schema.dropIndex("webhook_events_waiting_pull").execute();
  await db.schema.alterTable("webhook_events").dropColumn("held").execute();
}

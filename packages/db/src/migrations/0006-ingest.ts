import { type Kysely, sql } from "kysely";

/** What an event costs while it is new: the count of a repository's that wait, and the note that it is enqueued. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex("webhook_events_waiting")
    .on("webhook_events")
    .column("repository_id")
    .where(sql.ref("status"), "=", sql.lit("pending"))
    .execute();
  // Room on each page for the next version of all its rows, so that the note needs no new entry in any index.
  await sql`alter table webhook_events set (fillfactor = 50)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`alter table webhook_events reset (fillfactor)`.execute(db);
  await db.schema.dropIndex("webhook_events_waiting").execute();
}

import { type Kysely, sql } from "kysely";

/** The inbox of webhook deliveries, and the keys by which an identical event is known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("webhook_events")
    // Version 7 grows with time: new rows land on the last page of the index.
    .addColumn("event_id", "uuid", (c) => c.primaryKey().defaultTo(sql`uuidv7()`))
    .addColumn("hook_id", "bigint", (c) => c.notNull())
    .addColumn("delivery_guid", "text", (c) => c.notNull())
    .addColumn("event", "text", (c) => c.notNull())
    .addColumn("action", "text")
    .addColumn("repository_id", "bigint")
    .addColumn("full_name", "text")
    .addColumn("number", "integer")
    .addColumn("head_sha", "text")
    .addColumn("status", "text", (c) =>
      c
        .notNull()
        .check(
          sql`status in ('pending', 'processing', 'completed', 'failed', 'superseded', 'duplicate', 'ignored')`,
        ),
    )
    .addColumn("reason", "text")
    .addColumn("duplicate_of", "uuid")
    .addColumn("payload", "bytea")
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("error", "text")
    .addColumn("received_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("enqueued_at", "timestamptz")
    .addColumn("started_at", "timestamptz")
    .addColumn("finished_at", "timestamptz")
    .addUniqueConstraint("webhook_events_delivery", ["hook_id", "delivery_guid"])
    .execute();
  await compressPayloads(db);
  await db.schema
    .createIndex("webhook_events_unfinished")
    .on("webhook_events")
    .columns(["status", "received_at"])
    .where(sql.ref("status"), "in", sql`('pending', 'processing')`)
    .execute();
  await db.schema
    .createIndex("webhook_events_repository")
    .on("webhook_events")
    .columns(["repository_id", "received_at"])
    .execute();

  await db.schema
    .createTable("event_keys")
    .addColumn("key", "text", (c) => c.primaryKey())
    .addColumn("event_id", "uuid", (c) => c.notNull())
    .addColumn("expires_at", "timestamptz", (c) => c.notNull())
    .execute();
  await db.schema.createIndex("event_keys_expiry").on("event_keys").column("expires_at").execute();
}

/**
 * Postgres compresses large values by itself, with pglz: the largest cost of an insert. lz4 takes a fraction of
 * that, but a server can be built without it, as the embedded one is; pglz stays there.
 */
async function compressPayloads(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql`
    select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)`.execute(db);
  if (rows.length === 0) return;
  await sql`alter table webhook_events alter column payload set compression lz4`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["event_keys", "webhook_events"]) await db.schema.dropTable(table).execute();
}

import { type Kysely, sql } from "kysely";

/** What is used of GitHub's limits on a user, for all processes that send in their name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("request_limits")
    .addColumn("account", "text", (c) => c.primaryKey())
    .addColumn("paused_until", "timestamptz", (c) => c.notNull())
    .addColumn("strikes", "integer", (c) => c.notNull())
    .addColumn("points_whole_at", "timestamptz", (c) => c.notNull())
    .addColumn("writes_whole_at", "timestamptz", (c) => c.notNull())
    .addColumn("next_write_at", "timestamptz", (c) => c.notNull())
    .addColumn("latest_write", "bigint", (c) => c.notNull())
    .addColumn("last_retry_at", "timestamptz", (c) => c.notNull())
    // Few rows, changed with every request: a change stays on its page and touches no index.
    .modifyEnd(sql`with (fillfactor = 50)`)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("request_limits").execute();
}

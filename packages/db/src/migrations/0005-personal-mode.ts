import { type Kysely, sql } from "kysely";

/** Repositories that are polled for want of a webhook, and links that sign one person in. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("repositories")
    .addColumn("polled", "boolean", (c) => c.notNull().defaultTo(false))
    .execute();

  await db.schema
    .createTable("sign_in_links")
    .addColumn("token_hash", "bytea", (c) => c.primaryKey())
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("expires_at", "timestamptz", (c) => c.notNull())
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("sign_in_links").execute();
  await db.schema.alterTable("repositories").dropColumn("polled").execute();
}

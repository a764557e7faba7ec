import { type Kysely, sql } from "kysely";

/** Which versions of `.nectr.yml` a repository's team was told that they can't be used. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("config_reports")
    .addColumn("repository_id", "bigint", (c) =>
      c.notNull().references("repositories.id").onDelete("cascade"),
    )
    .addColumn("file_hash", "bytea", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("claimed_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("reported_at", "timestamptz")
    .addPrimaryKeyConstraint("config_reports_pkey", ["repository_id", "file_hash"])
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("config_reports").execute();
}

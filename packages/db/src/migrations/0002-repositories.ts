import { type Kysely, sql } from "kysely";

/** Repositories with their webhook, and who connected them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("repositories")
    .addColumn("id", "bigint", (c) => c.primaryKey())
    .addColumn("full_name", "text", (c) => c.notNull())
    .addColumn("private", "boolean", (c) => c.notNull())
    .addColumn("default_branch", "text", (c) => c.notNull())
    .addColumn("hook_id", "bigint", (c) => c.unique())
    .addColumn("encrypted_webhook_secret", "text")
    .addColumn("encrypted_previous_secret", "text")
    .addColumn("previous_secret_expires_at", "timestamptz")
    .addColumn("delivery_cursor", "text")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
  // Not unique: after a rename, GitHub may give the old name to another repository before we hear of either.
  await db.schema
    .createIndex("repositories_full_name")
    .on("repositories")
    .expression(sql`lower(full_name)`)
    .execute();

  await db.schema
    .createTable("installations")
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("repository_id", "bigint", (c) =>
      c.notNull().references("repositories.id").onDelete("cascade"),
    )
    .addColumn("active", "boolean", (c) => c.notNull().defaultTo(true))
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint("installations_pkey", ["user_id", "repository_id"])
    .execute();
  await db.schema
    .createIndex("installations_repository")
    .on("installations")
    .column("repository_id")
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["installations", "repositories"]) await db.schema.dropTable(table).execute();
}

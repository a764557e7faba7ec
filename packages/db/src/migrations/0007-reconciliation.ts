import { type Kysely, sql } from "kysely";

/** When GitHub's own record of its deliveries is held against ours, and what GitHub was asked to deliver again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable("repositories")
    .addColumn("reconcile_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("reconciled_at", "timestamptz")
    .execute();

  await db.schema
    .createTable("redeliveries")
    .addColumn("hook_id", "bigint", (c) => c.notNull())
    .addColumn("delivery_guid", "text", (c) => c.notNull())
    .addColumn("repository_id", "bigint", (c) =>
      c.notNull().references("repositories.id").onDelete("cascade"),
    )
    .addColumn("delivered_at", "timestamptz", (c) => c.notNull())
    .addColumn("attempts", "integer", (c) => c.notNull())
    .addColumn("asked_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("asked_by", "bigint", (c) => c.references("users.id").onDelete("set null"))
    .addColumn("arrived_at", "timestamptz")
    .addPrimaryKeyConstraint("redeliveries_pkey", ["hook_id", "delivery_guid"])
    .execute();
  await db.schema
    .createIndex("redeliveries_repository")
    .on("redeliveries")
    .columns(["repository_id", "asked_at"])
    .execute();
  await db.schema
    .createIndex("redeliveries_awaited")
    .on("redeliveries")
    .columns(["hook_id", "delivery_guid"])
    .where(sql.ref("arrived_at"), "is", null)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable("redeliveries").execute();
  await db.schema.alterTable("repositories").dropColumn("reconcile_at").dropColumn("reconciled_at").execute();
}

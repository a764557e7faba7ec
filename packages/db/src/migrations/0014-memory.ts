import { type Kysely, sql } from "kysely";

const kinds = [
  "project_pattern",
  "decision",
  "developer_pattern",
  "developer_strength",
  "risk_module",
  "contributor_profile",
  "project_map",
  "project_rule",
];

/** What is remembered of repositories, found by words and by likeness of letters. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // A trusted extension: whoever may create tables in the database may create it.
  await sql`create extension if not exists pg_trgm`.execute(db);
  await db.schema
    .createTable("memories")
    .addColumn("id", "uuid", (c) => c.primaryKey().defaultTo(sql`uuidv7()`))
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("kind", "text", (c) =>
      c.notNull().check(sql`kind in (${sql.join(kinds.map((k) => sql.lit(k)))})`),
    )
    .addColumn("developer_id", "bigint")
    .addColumn("text", "text", (c) => c.notNull())
    .addColumn("fingerprint", "bytea", (c) => c.notNull())
    .addColumn("number", "integer")
    .addColumn("path", "text")
    .addColumn("line", "integer")
    .addColumn("url", "text")
    .addColumn("superseded_by", "uuid", (c) => c.references("memories.id").onDelete("cascade"))
    .addColumn("expires_at", "timestamptz")
    .addColumn("uses", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("used_at", "timestamptz")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("words", sql`tsvector`, (c) =>
      c
        .notNull()
        .generatedAlwaysAs(sql`to_tsvector('english', text)`)
        .stored(),
    )
    .execute();
  await sql`create unique index memories_fingerprint
    on memories (repository_id, kind, coalesce(developer_id, 0), fingerprint)`.execute(db);
  await sql`create index memories_words on memories using gin (words)`.execute(db);
  await sql`create index memories_letters on memories using gin (text gin_trgm_ops)`.execute(db);
  await db.schema.createIndex("memories_superseded").on("memories").column("superseded_by").execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  // The extension stays: somebody else may use it.
  await db.schema.dropTable("memories").execute();
}

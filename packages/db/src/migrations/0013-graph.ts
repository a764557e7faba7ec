import { type Kysely, sql } from "kysely";

/** The graph of repositories, files, pull requests, developers and issues. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("graph_repositories")
    .addColumn("repository_id", "bigint", (c) => c.primaryKey())
    .addColumn("branch", "text")
    .addColumn("tree_sha", "text")
    .addColumn("tree_at", "timestamptz")
    .execute();
  await db.schema
    .createTable("graph_developers")
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("developer_id", "bigint", (c) => c.notNull())
    .addColumn("login", "text", (c) => c.notNull())
    .addColumn("bot", "boolean", (c) => c.notNull())
    .addPrimaryKeyConstraint("graph_developers_pkey", ["repository_id", "developer_id"])
    .execute();
  await createFiles(db);
  await createPullRequests(db);
  await createTouches(db);
  // For the files at risk, without the texts of the findings.
  await sql`create index findings_outcomes on findings (repository_id, number, path) include (state, severity)
    where state in ('fixed', 'regressed') and severity <> 'nit'`.execute(db);
}

async function createFiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("graph_files")
    .addColumn("id", "bigint", (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("folder", "text", (c) => c.notNull())
    .addColumn("size", "bigint")
    .addColumn("generated", "boolean", (c) => c.notNull().defaultTo(false))
    .addColumn("present", "boolean", (c) => c.notNull().defaultTo(false))
    .addColumn("present_at", "timestamptz")
    .addColumn("heat", "double precision", (c) => c.notNull().defaultTo(0))
    .addColumn("pull_requests", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("latest_at", "timestamptz")
    .addUniqueConstraint("graph_files_path", ["repository_id", "path"])
    .execute();
  for (const [name, order] of [
    ["graph_files_heat", "heat desc"],
    ["graph_files_latest", "latest_at nulls first"],
  ] as const) {
    await sql`create index ${sql.id(name)} on graph_files (repository_id, ${sql.raw(order)})
      where present and not generated`.execute(db);
  }
}

async function createPullRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("graph_pull_requests")
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("author_id", "bigint")
    .addColumn("state", "text", (c) => c.notNull().check(sql`state in ('open', 'closed', 'merged')`))
    .addColumn("base", "text", (c) => c.notNull())
    .addColumn("at", "timestamptz", (c) => c.notNull())
    .addColumn("updated_at", "timestamptz", (c) => c.notNull())
    .addColumn("files", "integer", (c) => c.notNull())
    .addColumn("weight", "double precision", (c) => c.notNull())
    .addPrimaryKeyConstraint("graph_pull_requests_pkey", ["repository_id", "number"])
    .execute();
  await db.schema
    .createIndex("graph_pull_requests_author")
    .on("graph_pull_requests")
    .columns(["repository_id", "author_id"])
    .execute();
  for (const [table, column, type] of [
    ["graph_reviewers", "developer_id", "bigint"],
    ["graph_closes", "issue_number", "integer"],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn("repository_id", "bigint", (c) => c.notNull())
      .addColumn("number", "integer", (c) => c.notNull())
      .addColumn(column, type, (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_pkey`, ["repository_id", "number", column])
      .addForeignKeyConstraint(
        `${table}_pull_request`,
        ["repository_id", "number"],
        "graph_pull_requests",
        ["repository_id", "number"],
        (c) => c.onDelete("cascade"),
      )
      .execute();
    await db.schema.createIndex(`${table}_${column}`).on(table).columns(["repository_id", column]).execute();
  }
}

async function createTouches(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("graph_touches")
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("previous_path", "text")
    .addColumn("file_id", "bigint", (c) => c.notNull().references("graph_files.id"))
    .addColumn("status", "text", (c) =>
      c
        .notNull()
        .check(sql`status in ('added', 'removed', 'modified', 'renamed', 'copied', 'changed', 'unchanged')`),
    )
    .addColumn("additions", "integer", (c) => c.notNull())
    .addColumn("deletions", "integer", (c) => c.notNull())
    .addColumn("gaps", sql`int4multirange`, (c) => c.notNull())
    .addColumn("new_lines", sql`int4multirange`, (c) => c.notNull())
    .addPrimaryKeyConstraint("graph_touches_pkey", ["repository_id", "number", "path"])
    .addForeignKeyConstraint(
      "graph_touches_pull_request",
      ["repository_id", "number"],
      "graph_pull_requests",
      ["repository_id", "number"],
      (c) => c.onDelete("cascade"),
    )
    .execute();
  // The latest pull requests of a file first.
  await db.schema
    .createIndex("graph_touches_file")
    .on("graph_touches")
    .columns(["file_id", "number desc"])
    .execute();
  await db.schema
    .createIndex("graph_touches_renames")
    .on("graph_touches")
    .column("repository_id")
    .where(sql.ref("previous_path"), "is not", null)
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  await sql`drop index findings_outcomes`.execute(db);
  for (const table of [
    "touches",
    "closes",
    "reviewers",
    "pull_requests",
    "files",
    "developers",
    "repositories",
  ]) {
    await db.schema.dropTable(`graph_${table}`).execute();
  }
}

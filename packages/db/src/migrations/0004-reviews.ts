import { type Kysely, sql } from "kysely";

/** Pull requests with their claim, reviews, the ledger of findings, checkpoints and spend. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createPullRequests(db);
  await createReviews(db);
  await createFindings(db);
  await db.schema
    .createTable("workflow_runs")
    .addColumn("review_id", "uuid", (c) => c.notNull().references("reviews.id").onDelete("cascade"))
    .addColumn("stage", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull().check(sql`state in ('started', 'done')`))
    .addColumn("output", "jsonb")
    .addColumn("attempts", "integer", (c) => c.notNull().defaultTo(1))
    .addColumn("started_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("finished_at", "timestamptz")
    .addPrimaryKeyConstraint("workflow_runs_pkey", ["review_id", "stage"])
    .execute();
  await db.schema
    .createTable("model_usage")
    .addColumn("id", "bigint", (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("review_id", "uuid", (c) => c.notNull().references("reviews.id").onDelete("cascade"))
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("model", "text", (c) => c.notNull())
    .addColumn("input_tokens", "integer", (c) => c.notNull())
    .addColumn("cached_input_tokens", "integer", (c) => c.notNull())
    .addColumn("output_tokens", "integer", (c) => c.notNull())
    .addColumn("cost_usd", "numeric")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .execute();
  await db.schema
    .createIndex("model_usage_repository")
    .on("model_usage")
    .columns(["repository_id", "created_at"])
    .execute();
}

async function createPullRequests(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("pull_requests")
    .addColumn("repository_id", "bigint", (c) =>
      c.notNull().references("repositories.id").onDelete("cascade"),
    )
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("author_login", "text", (c) => c.notNull())
    .addColumn("state", "text", (c) => c.notNull().check(sql`state in ('open', 'closed', 'merged')`))
    .addColumn("draft", "boolean", (c) => c.notNull())
    .addColumn("head_sha", "text", (c) => c.notNull())
    .addColumn("base_ref", "text", (c) => c.notNull())
    .addColumn("generation", "integer", (c) => c.notNull().defaultTo(0))
    .addColumn("fencing_token", "bigint", (c) => c.notNull().defaultTo(0))
    .addColumn("claimed_by", "text")
    .addColumn("claimed_head", "text")
    .addColumn("claim_posting", "boolean", (c) => c.notNull().defaultTo(false))
    .addColumn("claim_expires_at", "timestamptz")
    .addColumn("summary_comment_id", "bigint")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addPrimaryKeyConstraint("pull_requests_pkey", ["repository_id", "number"])
    .execute();
}

async function createReviews(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("reviews")
    .addColumn("id", "uuid", (c) => c.primaryKey().defaultTo(sql`uuidv7()`))
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("head_sha", "text", (c) => c.notNull())
    .addColumn("generation", "integer", (c) => c.notNull())
    .addColumn("event_id", "uuid", (c) => c.notNull())
    .addColumn("status", "text", (c) =>
      c
        .notNull()
        .defaultTo("running")
        .check(sql`status in ('running', 'composed', 'posted', 'superseded', 'failed')`),
    )
    .addColumn("verdict", "text", (c) => c.check(sql`verdict in ('approve', 'comment', 'request_changes')`))
    .addColumn("result", "jsonb")
    .addColumn("github_review_id", "bigint")
    .addColumn("url", "text")
    .addColumn("error", "text")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("finished_at", "timestamptz")
    .addUniqueConstraint("reviews_key", ["repository_id", "number", "head_sha", "generation"])
    .addForeignKeyConstraint(
      "reviews_pull_request",
      ["repository_id", "number"],
      "pull_requests",
      ["repository_id", "number"],
      (c) => c.onDelete("cascade"),
    )
    .execute();
}

async function createFindings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("findings")
    .addColumn("id", "uuid", (c) => c.primaryKey().defaultTo(sql`uuidv7()`))
    .addColumn("repository_id", "bigint", (c) => c.notNull())
    .addColumn("number", "integer", (c) => c.notNull())
    .addColumn("fingerprint", "text", (c) => c.notNull())
    .addColumn("first_review_id", "uuid", (c) => c.notNull().references("reviews.id").onDelete("cascade"))
    .addColumn("last_review_id", "uuid", (c) => c.notNull().references("reviews.id").onDelete("cascade"))
    .addColumn("state", "text", (c) =>
      c.notNull().check(sql`state in ('open', 'fixed', 'dismissed', 'regressed')`),
    )
    .addColumn("source", "text", (c) => c.notNull().check(sql`source in ('analyser', 'model')`))
    .addColumn("rule", "text", (c) => c.notNull())
    .addColumn("severity", "text", (c) =>
      c.notNull().check(sql`severity in ('critical', 'high', 'medium', 'low')`),
    )
    .addColumn("category", "text", (c) => c.notNull())
    .addColumn("path", "text", (c) => c.notNull())
    .addColumn("start_line", "integer", (c) => c.notNull())
    .addColumn("end_line", "integer", (c) => c.notNull())
    .addColumn("title", "text", (c) => c.notNull())
    .addColumn("body", "text", (c) => c.notNull())
    .addColumn("suggestion", "text")
    .addColumn("placement", "text", (c) => c.notNull().check(sql`placement in ('inline', 'summary')`))
    .addColumn("placement_reason", "text")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addUniqueConstraint("findings_fingerprint", ["repository_id", "number", "fingerprint"])
    .addForeignKeyConstraint(
      "findings_pull_request",
      ["repository_id", "number"],
      "pull_requests",
      ["repository_id", "number"],
      (c) => c.onDelete("cascade"),
    )
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["model_usage", "workflow_runs", "findings", "reviews", "pull_requests"]) {
    await db.schema.dropTable(table).execute();
  }
}

import { type Kysely, sql } from "kysely";

/** People, their sign-ins, and authorizations under way. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("users")
    .addColumn("id", "bigint", (c) => c.primaryKey().generatedAlwaysAsIdentity())
    .addColumn("github_id", "bigint", (c) => c.notNull().unique())
    .addColumn("login", "text", (c) => c.notNull())
    .addColumn("name", "text")
    .addColumn("email", "text")
    .addColumn("avatar_url", "text")
    .addColumn("encrypted_token", "text")
    .addColumn("encrypted_refresh_token", "text")
    .addColumn("token_expires_at", "timestamptz")
    .addColumn("scopes", "text", (c) => c.notNull().defaultTo(""))
    .addColumn("token_state", "text", (c) =>
      c
        .notNull()
        .defaultTo("active")
        .check(sql`token_state in ('active', 'reconnect_needed')`),
    )
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("updated_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .execute();

  await db.schema
    .createTable("sessions")
    .addColumn("id", "uuid", (c) => c.primaryKey().defaultTo(sql`gen_random_uuid()`))
    .addColumn("user_id", "bigint", (c) => c.notNull().references("users.id").onDelete("cascade"))
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("expires_at", "timestamptz", (c) => c.notNull())
    .addColumn("revoked_at", "timestamptz")
    .execute();
  await db.schema.createIndex("sessions_user").on("sessions").column("user_id").execute();

  await db.schema
    .createTable("oauth_states")
    .addColumn("state_hash", "bytea", (c) => c.primaryKey())
    .addColumn("encrypted_code_verifier", "text", (c) => c.notNull())
    .addColumn("return_to", "text")
    .addColumn("created_at", "timestamptz", (c) => c.notNull().defaultTo(sql`now()`))
    .addColumn("expires_at", "timestamptz", (c) => c.notNull())
    .execute();
}

export async function down(db: Kysely<unknown>): Promise<void> {
  for (const table of ["oauth_states", "sessions", "users"]) await db.schema.dropTable(table).execute();
}

import { sql } from "kysely";
import { NO_MIGRATIONS } from "kysely/migration";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { connect, type Db } from "../src/connect.ts";
import { createMigrator, migrateToLatest, migrations } from "../src/migrate.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

/** What each migration must carry through the ones after it: rows as an older version wrote them. */
const samples: Record<string, (db: Db) => Promise<unknown>> = {
  "0001-accounts": (db) =>
    sql`with u as (insert into users (github_id, login) values (1, 'octocat') returning id)
        insert into sessions (user_id, expires_at) select id, now() from u`.execute(db),
  "0002-repositories": (db) =>
    sql`with r as (
          insert into repositories (id, full_name, private, default_branch)
          values (10, 'octocat/shop', false, 'main') returning id)
        insert into installations (user_id, repository_id) select users.id, r.id from users, r`.execute(db),
  "0003-events": (db) =>
    sql`with e as (
          insert into webhook_events (hook_id, delivery_guid, event, status, payload)
          values (7, 'guid', 'pull_request', 'pending', '\\x7b7d') returning event_id)
        insert into event_keys (key, event_id, expires_at) select 'k', event_id, now() from e`.execute(db),
  "0004-reviews": (db) =>
    sql`with p as (
          insert into pull_requests (repository_id, number, title, author_login, state, draft, head_sha, base_ref)
          values (10, 1, 'A title', 'hubot', 'open', false, 'abc', 'main') returning *)
        insert into reviews (repository_id, number, head_sha, generation, event_id)
        select repository_id, number, head_sha, 0, uuidv7() from p`.execute(db),
  "0005-personal-mode": (db) =>
    sql`with l as (insert into sign_in_links (token_hash, expires_at) values ('\\x01', now()))
        update repositories set polled = true`.execute(db),
  "0006-ingest": (db) =>
    sql`insert into webhook_events (hook_id, delivery_guid, event, repository_id, status, payload)
        values (7, uuidv4(), 'pull_request', 10, 'pending', '\\x7b7d')`.execute(db),
  "0007-reconciliation": (db) =>
    sql`with r as (update repositories set reconciled_at = now())
        insert into redeliveries (hook_id, delivery_guid, repository_id, delivered_at, attempts, asked_by)
        select 7, uuidv4()::text, 10, now(), 1, id from users`.execute(db),
  "0008-request-limits": (db) =>
    sql`insert into request_limits values (uuidv4()::text, now(), 1, now(), now(), now(), 2, now())`.execute(
      db,
    ),
  "0009-model-spend": (db) =>
    sql`insert into model_usage (review_id, repository_id, model, input_tokens, cached_input_tokens, output_tokens, cost_usd)
        select id, repository_id, 'claude', 1200, 1000, 80, 0.0123 from reviews`.execute(db),
  "0010-turns": (db) =>
    sql`with e as (update webhook_events set held = true where repository_id = 10 returning event_id)
        insert into review_places (event_id, repository_id, user_id, holder, expires_at)
        select event_id, 10, 0, uuidv4(), now() from e`.execute(db),
  "0011-severities": (db) => addFinding(db, "moderate"),
  "0012-config-reports": (db) =>
    sql`insert into config_reports (repository_id, file_hash, number)
        values (10, uuid_send(uuidv4()), 1)`.execute(db),
  "0013-graph": (db) =>
    sql`with f as (insert into graph_files (repository_id, path, folder) values (10, 'src/a.ts', 'src') returning id),
          p as (insert into graph_pull_requests values (10, 3, 'A title', 1, 'merged', 'main', now(), now(), 1, 0.5)),
          i as (insert into graph_closes values (10, 3, 1)),
          r as (insert into graph_reviewers values (10, 3, 2)),
          d as (insert into graph_developers values (10, 1, 'octocat', false)),
          g as (insert into graph_repositories values (10, 'main', 'c0ffee', now()))
        insert into graph_touches select 10, 3, 'src/a.ts', null, id, 'modified', 1, 1, '{[0,1]}', '{[1,1]}' from f`.execute(
      db,
    ),
  "0014-memory": (db) =>
    sql`insert into memories (repository_id, kind, text, fingerprint)
        values (10, 'decision', 'Money is kept in cents', uuidv4()::text::bytea)`.execute(db),
};

/** A finding of the review that is there, in its row and in the review's result. */
function addFinding(db: Db, severity: string): Promise<unknown> {
  const result = JSON.stringify({ findings: [{ severity, body: 'says "severity": "high" of "high"' }] });
  return sql`with r as (update reviews set result = ${result} returning *)
      insert into findings (repository_id, number, fingerprint, first_review_id, last_review_id, state, source, rule,
        severity, category, path, start_line, end_line, title, body, placement)
      select repository_id, number, ${severity}, id, id, 'open', 'model', 'model',
        ${severity}, 'security', 'a.ts', 1, 1, 'A title', 'A body', 'inline' from r
      on conflict do nothing`.execute(db);
}

let database: TestDatabase;
let db: Db;

beforeAll(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  const { error } = await createMigrator(database.db).migrateTo(NO_MIGRATIONS);
  expect(error).toBeUndefined();
  db = database.db;
});
afterAll(() => database[Symbol.asyncDispose]());

test("every migration goes up over the rows of those before it, down, and up again", async () => {
  const migrator = createMigrator(db);
  for (const name of Object.keys(migrations)) {
    expect((await migrator.migrateUp()).error).toBeUndefined();
    const before = await describeSchema(db);
    await samples[name]?.(db);
    expect((await migrator.migrateDown()).error, `${name} down`).toBeUndefined();
    expect((await migrator.migrateUp()).error, `${name} up again`).toBeUndefined();
    expect(await describeSchema(db)).toEqual(before);
    await samples[name]?.(db);
  }
  expect(await db.selectFrom("installations").selectAll().execute()).toHaveLength(1);
  expect(await db.selectFrom("reviews").select("status").execute()).toEqual([{ status: "running" }]);
});

test("there are sample rows for every migration", () => {
  expect(Object.keys(samples)).toEqual(Object.keys(migrations));
});

test("any number of processes may migrate at once", async () => {
  await using fresh = await createTestDatabase(inject("postgresUrl"));
  await createMigrator(fresh.db).migrateTo(NO_MIGRATIONS);
  const others = [1, 2, 3].map(() => connect({ connectionString: fresh.url, onError: console.error }));
  const applied = await Promise.all(others.map(migrateToLatest));
  expect(applied.flat().toSorted()).toEqual(Object.keys(migrations));
  await Promise.all(others.map((other) => other.destroy()));
});

test("ids come back as exact numbers, and one past 2^53 is an error", async () => {
  await sql`insert into users (github_id, login) values (9007199254740991, 'large')`.execute(db);
  const user = await db
    .selectFrom("users")
    .select("github_id")
    .where("login", "=", "large")
    .executeTakeFirst();
  expect(user?.github_id).toBe(Number.MAX_SAFE_INTEGER);
  await expect(sql`select 9007199254740993::bigint as id`.execute(db)).rejects.toThrow("beyond 2^53");
});

test("a payload is stored compressed", async () => {
  const payload = Buffer.from(
    JSON.stringify(Array.from({ length: 500 }, (_, i) => ({ login: "octocat", id: i }))),
  );
  await db
    .insertInto("webhook_events")
    .values({ hook_id: 1, delivery_guid: "large", event: "push", status: "pending", payload })
    .execute();
  const stored = await sql<{ size: number; method: string }>`
    select pg_column_size(payload) as size, pg_column_compression(payload) as method
    from webhook_events where delivery_guid = 'large'`.execute(db);
  expect(stored.rows[0]?.method).toMatch(/lz4|pglz/);
  expect(stored.rows[0]?.size).toBeLessThan(payload.length / 3);
});

/** Tables, columns and constraints, as Postgres tells them. */
async function describeSchema(database: Db): Promise<unknown> {
  const columns = await sql`
    select table_name, column_name, data_type, is_nullable, column_default
    from information_schema.columns where table_schema = 'public' order by 1, ordinal_position`.execute(
    database,
  );
  const constraints = await sql`
    select conrelid::regclass::text as of, conname, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = 'public'::regnamespace order by 1, 2`.execute(database);
  return { columns: columns.rows, constraints: constraints.rows };
}

test("severities of older reviews get their new words, and a text that speaks of them stays as it is", async () => {
  const migrator = createMigrator(db);
  await migrator.migrateTo("0010-turns");
  await addFinding(db, "high");
  expect((await migrator.migrateToLatest()).error).toBeUndefined();
  const { rows } = await sql`select severity, result -> 'findings' -> 0 as told from findings
    join reviews on reviews.id = first_review_id where fingerprint = 'high'`.execute(db);
  const told = { severity: "moderate", body: 'says "severity": "high" of "high"' };
  expect(rows).toEqual([{ severity: "moderate", told }]);
});

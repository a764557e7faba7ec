import type { Db } from "@nectr/db";
import { sql } from "kysely";

/** Gives the ledger three findings for each pull request that is indexed, two of them fixed or come back. */
export async function giveFindings(db: Db, repositoryId: number): Promise<void> {
  await sql`insert into repositories (id, full_name, private, default_branch)
    values (${repositoryId}, 'octo/large', true, 'main')`.execute(db);
  await sql`insert into pull_requests (repository_id, number, title, author_login, state, draft, head_sha, base_ref)
    select repository_id, number, title, 'octocat', 'open', false, 'c0ffee', 'main' from graph_pull_requests`.execute(
    db,
  );
  await sql`insert into reviews (repository_id, number, head_sha, generation, event_id)
    select repository_id, number, 'c0ffee', 0, uuidv4() from pull_requests`.execute(db);
  await sql`
    insert into findings (repository_id, number, fingerprint, first_review_id, last_review_id, state, source, rule,
      severity, category, path, start_line, end_line, title, body, placement)
    select r.repository_id, r.number, uuidv4()::text, r.id, r.id, (array['open', 'fixed', 'regressed'])[n], 'model',
      'model', (array['nit', 'minor', 'critical'])[1 + r.number % 3], 'security', t.path, 1, 1, 'A title',
      repeat('What is wrong and what to do about it. ', 20), 'inline'
    from reviews r cross join generate_series(1, 3) n
    cross join lateral (
      select path from graph_touches t where t.repository_id = r.repository_id and t.number = r.number
      order by path offset n - 1 limit 1) t`.execute(db);
  await sql`analyze`.execute(db);
}

/** How much there is. */
export async function countRows(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<Record<string, number>>`select
    (select count(*) from graph_files) as files, (select count(*) from graph_pull_requests) as "pullRequests",
    (select count(*) from graph_touches) as touches, (select count(*) from findings) as findings`.execute(db);
  return rows[0] ?? {};
}

/** The server's process that serves the only connection of this pool. */
export async function findProcess(db: Db): Promise<number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return rows[0]?.pid ?? 0;
}

import type { Database } from "@nectr/db";
import { sql, type Transaction } from "kysely";
import { latestAccounts } from "../latest-accounts.ts";
import { momentOf, type PullRequestFacts } from "../pull-request-facts.ts";
import { weightOf } from "../weight.ts";

type Tx = Transaction<Database>;

/** Saves pull requests that were not known, or not so lately, with people and issues; not their files. */
export async function savePulls(
  tx: Tx,
  repositoryId: number,
  pulls: readonly PullRequestFacts[],
): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ number: number }>`
    insert into graph_pull_requests
    select ${repositoryId}, * from unnest(
      ${pulls.map(({ number }) => number)}::int[],
      ${pulls.map(({ title }) => title)}::text[],
      ${pulls.map(({ author }) => author?.id ?? null)}::bigint[],
      ${pulls.map(({ state }) => state)}::text[],
      ${pulls.map(({ base }) => base)}::text[],
      ${pulls.map(momentOf)}::timestamptz[],
      ${pulls.map(({ updatedAt }) => updatedAt)}::timestamptz[],
      ${pulls.map(({ files }) => files.length)}::int[],
      ${pulls.map((pull) => weightOf(momentOf(pull), pull.files.length))}::float8[])
    on conflict (repository_id, number) do update
    set title = excluded.title, author_id = excluded.author_id, state = excluded.state, base = excluded.base,
      at = excluded.at, updated_at = excluded.updated_at, files = excluded.files, weight = excluded.weight
    where graph_pull_requests.updated_at <= excluded.updated_at
    returning number`.execute(tx);
  const saved = new Set(rows.map(({ number }) => number));
  const news = pulls.filter(({ number }) => saved.has(number));
  await saveDevelopers(tx, repositoryId, news);
  await saveReviewers(tx, repositoryId, news);
  await saveCloses(tx, repositoryId, news);
  return saved;
}

async function saveDevelopers(
  tx: Tx,
  repositoryId: number,
  pulls: readonly PullRequestFacts[],
): Promise<void> {
  const accounts = latestAccounts(pulls);
  await sql`
    insert into graph_developers
    select ${repositoryId}, * from unnest(
      ${accounts.map(({ id }) => id)}::bigint[],
      ${accounts.map(({ login }) => login)}::text[],
      ${accounts.map(({ bot }) => bot)}::boolean[])
    on conflict (repository_id, developer_id) do update set login = excluded.login, bot = excluded.bot`.execute(
    tx,
  );
}

async function saveReviewers(
  tx: Tx,
  repositoryId: number,
  pulls: readonly PullRequestFacts[],
): Promise<void> {
  const pairs = pulls.flatMap(({ number, reviewers }) => reviewers.map(({ id }) => ({ number, id })));
  await replace(tx, { table: "graph_reviewers", column: "developer_id", repositoryId, pulls, pairs });
}

async function saveCloses(tx: Tx, repositoryId: number, pulls: readonly PullRequestFacts[]): Promise<void> {
  const pairs = pulls.flatMap(({ number, closes }) => closes.map((id) => ({ number, id })));
  await replace(tx, { table: "graph_closes", column: "issue_number", repositoryId, pulls, pairs });
}

async function replace(
  tx: Tx,
  options: {
    table: "graph_reviewers" | "graph_closes";
    column: string;
    repositoryId: number;
    pulls: readonly PullRequestFacts[];
    pairs: readonly { number: number; id: number }[];
  },
): Promise<void> {
  const { table, column, repositoryId, pulls, pairs } = options;
  await sql`
    delete from ${sql.table(table)}
    where repository_id = ${repositoryId} and number = any(${pulls.map(({ number }) => number)}::int[])`.execute(
    tx,
  );
  await sql`
    insert into ${sql.table(table)} (repository_id, number, ${sql.ref(column)})
    select ${repositoryId}, * from unnest(
      ${pairs.map(({ number }) => number)}::int[],
      ${pairs.map(({ id }) => id)}::bigint[])
    on conflict do nothing`.execute(tx);
}

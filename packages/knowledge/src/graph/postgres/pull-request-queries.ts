import type { Db } from "@nectr/db";
import { sql } from "kysely";
import { linesOf } from "../changed-lines.ts";
import {
  type ChangesTogether,
  type Conflict,
  type LinkedIssue,
  mostFilesTogether,
  mostPullRequestsTogether,
  type RelatedOptions,
  type RelatedPullRequest,
  type TogetherOptions,
} from "../graph.ts";
import { valueAt } from "../weight.ts";

/** A file that few pull requests touch says more of their kinship than one that most do. */
export async function relatedPullRequests(
  db: Db,
  repositoryId: number,
  paths: readonly string[],
  { now, limit, except = 0 }: RelatedOptions,
): Promise<RelatedPullRequest[]> {
  const { rows } = await sql<RelatedPullRequest>`
    with related as (
      select p.number, p.title, p.author_id, p.at,
        p.weight * sum(1 / ln(2 + f.pull_requests::float8)) as score, array_agg(f.path order by f.path) as shared
      from graph_files f
      join graph_touches t on t.file_id = f.id
      join graph_pull_requests p on p.repository_id = ${repositoryId} and p.number = t.number
      where f.repository_id = ${repositoryId} and f.path = any(${paths}::text[])
        and p.state = 'merged' and p.number <> ${except}
      group by p.repository_id, p.number
      order by score desc, p.number desc
      limit ${limit}
    )
    select r.number, r.title, r.at as "mergedAt", r.shared as "sharedPaths", r.score, ${authorJson("r")} as author
    from related r
    left join graph_developers d on d.repository_id = ${repositoryId} and d.developer_id = r.author_id
    order by r.score desc, r.number desc`.execute(db);
  return rows.map((row) => ({ ...row, score: valueAt(row.score, now) }));
}

/** An author as `Developer`; null where the account is gone. */
function authorJson(table: string) {
  return sql`case when ${sql.ref(`${table}.author_id`)} is not null
    then jsonb_build_object('id', d.developer_id, 'login', d.login) end`;
}

/** `Graph.linkedIssues`. */
export async function linkedIssues(db: Db, repositoryId: number, number: number): Promise<LinkedIssue[]> {
  const { rows } = await sql<LinkedIssue>`
    select c.issue_number as number, coalesce(
      jsonb_agg(jsonb_build_object('number', p.number, 'state', p.state) order by p.number)
        filter (where p.number is not null), '[]') as "alsoClosedBy"
    from graph_closes c
    left join graph_closes o
      on o.repository_id = c.repository_id and o.issue_number = c.issue_number and o.number <> c.number
    left join graph_pull_requests p on p.repository_id = o.repository_id and p.number = o.number
    where c.repository_id = ${repositoryId} and c.number = ${number}
    group by c.issue_number
    order by c.issue_number`.execute(db);
  return rows;
}

/** `Graph.changesTogether`. */
export async function changesTogether(
  db: Db,
  repositoryId: number,
  paths: readonly string[],
  { leastTogether, leastConfidence, limit }: TogetherOptions,
): Promise<ChangesTogether[]> {
  const { rows } = await sql<ChangesTogether>`
    with asked as materialized (
      select id, path from graph_files where repository_id = ${repositoryId} and path = any(${paths}::text[])
    ), recent as materialized (
      select asked.id, latest.number, count(*) over (partition by asked.id) as pulls
      from asked, lateral (
        select t.number
        from graph_touches t
        join graph_pull_requests p on p.repository_id = ${repositoryId} and p.number = t.number
        where t.file_id = asked.id and p.state = 'merged' and p.files <= ${sql.lit(mostFilesTogether)}
        order by t.number desc
        limit ${sql.lit(mostPullRequestsTogether)}) latest
    ), pair as (
      select recent.id, t.file_id, recent.pulls, count(*) as together
      from recent
      join graph_touches t on t.repository_id = ${repositoryId} and t.number = recent.number
      where recent.pulls >= ${leastTogether} and t.file_id not in (select id from asked)
      group by recent.id, t.file_id, recent.pulls
      having count(*) >= ${leastTogether} and count(*) >= recent.pulls * ${leastConfidence}::float8
    ), best as (
      select distinct on (f.path) f.path, asked.path as "with", together, pulls as of
      from pair join asked using (id) join graph_files f on f.id = pair.file_id
      where f.present
      order by f.path, together::float8 / pulls desc, together desc, asked.path
    )
    select * from best order by together::float8 / of desc, together desc, path limit ${limit}`.execute(db);
  return rows;
}

/** `Graph.conflictsOf`. Two that both delete a file do not conflict, nor do two that rename it without a change. */
export async function conflictsOf(db: Db, repositoryId: number, number: number): Promise<Conflict[]> {
  const { rows } = await sql<Omit<Conflict, "files"> & { path: string; gaps: [number, number][] }>`
    select p.number, p.title, ${authorJson("p")} as author, f.path, (
      select jsonb_agg(jsonb_build_array(lower(gap), upper(gap) - 1) order by gap)
      from unnest(mine.gaps * theirs.gaps) gap) as gaps
    from graph_pull_requests asked
    join graph_touches mine on mine.repository_id = asked.repository_id and mine.number = asked.number
    join graph_touches theirs on theirs.file_id = mine.file_id and theirs.number <> mine.number
    join graph_pull_requests p
      on p.repository_id = asked.repository_id and p.number = theirs.number
      and p.state = 'open' and p.base = asked.base
    join graph_files f on f.id = mine.file_id
    left join graph_developers d on d.repository_id = asked.repository_id and d.developer_id = p.author_id
    where asked.repository_id = ${repositoryId} and asked.number = ${number} and asked.state = 'open'
      and mine.gaps && theirs.gaps and not (mine.status = 'removed' and theirs.status = 'removed')
    order by p.number, f.path`.execute(db);
  return [...Map.groupBy(rows, (row) => row.number).values()].map((files) => {
    const [{ number: other, title, author }] = files as [(typeof files)[0], ...typeof files];
    return {
      number: other,
      title,
      author,
      files: files.map(({ path, gaps }) => ({ path, lines: gaps.map(linesOf) })),
    };
  });
}

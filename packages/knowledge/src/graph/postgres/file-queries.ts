import type { Db } from "@nectr/db";
import { sql } from "kysely";
import type { DeadFiles, DeadOptions, Hotspot, RiskyFile, RiskyOptions, TimedOptions } from "../graph.ts";
import { severityWeights } from "../severity-weights.ts";
import { valueAt } from "../weight.ts";

/** `Graph.hotspots`. */
export async function hotspots(
  db: Db,
  repositoryId: number,
  { now, limit }: TimedOptions,
): Promise<Hotspot[]> {
  const { rows } = await sql<Hotspot>`
    select path, heat as score, pull_requests as "pullRequests", latest_at as "latestAt"
    from graph_files
    where repository_id = ${repositoryId} and present and not generated and heat > 0
    order by heat desc
    limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, score: valueAt(row.score, now) }));
}

/** `Graph.riskyFiles`. */
export async function riskyFiles(
  db: Db,
  repositoryId: number,
  { paths, limit }: RiskyOptions,
): Promise<RiskyFile[]> {
  const severity = sql.join(
    Object.entries(severityWeights).map(
      ([name, weight]) => sql`when ${sql.lit(name)} then ${sql.lit(weight)}`,
    ),
    sql` `,
  );
  const { rows } = await sql<RiskyFile>`
    with outcome as (
      select t.file_id, count(*) filter (where n.state = 'fixed') as fixed,
        count(*) filter (where n.state = 'regressed') as regressed,
        sum(case n.severity ${severity} else 0 end * case n.state when 'regressed' then 2 else 1 end) as score
      from findings n
      join graph_touches t on t.repository_id = n.repository_id and t.number = n.number and t.path = n.path
      where n.repository_id = ${repositoryId} and n.state in ('fixed', 'regressed') and n.severity <> 'nit'
        ${paths === undefined ? sql`` : sql`and t.file_id = any(array(${idsOf(repositoryId, paths)}))`}
      group by t.file_id
    )
    select f.path, fixed, regressed, score
    from outcome join graph_files f on f.id = file_id
    where f.present
    order by score desc, f.path
    limit ${limit}`.execute(db);
  return rows;
}

function idsOf(repositoryId: number, paths: readonly string[]) {
  return sql`select id from graph_files where repository_id = ${repositoryId} and path = any(${paths}::text[])`;
}

/** `Graph.deadFiles`. */
export async function deadFiles(
  db: Db,
  repositoryId: number,
  { since, limit }: DeadOptions,
): Promise<DeadFiles> {
  const { rows } = await sql<{ pullRequests: number; knownSince: Date | null }>`
    select count(*) as "pullRequests", min(at) as "knownSince"
    from graph_pull_requests where repository_id = ${repositoryId} and state = 'merged'`.execute(db);
  const files = await sql<DeadFiles["files"][number]>`
    select path, coalesce(size, 0) as size, latest_at as "latestAt"
    from graph_files
    where repository_id = ${repositoryId} and present and not generated
      and (latest_at is null or latest_at < ${since})
    order by latest_at nulls first
    limit ${limit}`.execute(db);
  return { pullRequests: 0, knownSince: null, ...rows[0], files: files.rows };
}

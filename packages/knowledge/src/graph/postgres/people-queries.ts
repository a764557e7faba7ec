import type { Db } from "@nectr/db";
import { sql } from "kysely";
import {
  type Expert,
  type Expertise,
  type ExpertsOptions,
  type Ownership,
  type OwnershipOptions,
  reviewShare,
  type TimedOptions,
} from "../graph.ts";
import { type FolderWork, ownedSince, ownershipOf } from "../ownership.ts";
import { valueAt } from "../weight.ts";

/** `Graph.expertsFor`. */
export async function expertsFor(
  db: Db,
  repositoryId: number,
  paths: readonly string[],
  { now, limit, except = [] }: ExpertsOptions,
): Promise<Expert[]> {
  const { rows } = await sql<Expert>`
    with touched as materialized (
      select t.number, count(*) as files
      from graph_files f join graph_touches t on t.file_id = f.id
      where f.repository_id = ${repositoryId} and f.path = any(${paths}::text[])
      group by t.number
    ), work as (
      select p.author_id as developer_id, p.weight * touched.files as weight, 1 as authored, p.at
      from touched join graph_pull_requests p on p.repository_id = ${repositoryId} and p.number = touched.number
      where p.state = 'merged'
      union all
      select r.developer_id, p.weight * touched.files * ${sql.lit(reviewShare)}, 0, p.at
      from touched
      join graph_pull_requests p on p.repository_id = ${repositoryId} and p.number = touched.number
      join graph_reviewers r on r.repository_id = ${repositoryId} and r.number = touched.number
      where p.state = 'merged' and r.developer_id is distinct from p.author_id
    )
    select d.developer_id as id, d.login, sum(weight) as score, sum(authored) as authored,
      count(*) - sum(authored) as reviewed, max(at) as "latestAt"
    from work join graph_developers d on d.repository_id = ${repositoryId} and d.developer_id = work.developer_id
    where not d.bot and d.developer_id <> all(${except}::bigint[])
    group by d.developer_id, d.login
    order by score desc, d.developer_id
    limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, score: valueAt(row.score, now) }));
}

/** `Graph.ownership`. */
export async function ownership(
  db: Db,
  repositoryId: number,
  { now, limit, folder }: OwnershipOptions,
): Promise<Ownership[]> {
  // Folders by their prefix: paths are compared byte by byte, whatever stands in them.
  const prefix = folder === "" ? "" : `${folder}/`;
  const { rows } = await sql<FolderWork>`
    with file as materialized (
      select id, ${prefix}::text || split_part(substr(path, length(${prefix}) + 1), '/', 1) as entry
      from graph_files
      where repository_id = ${repositoryId} and present and not generated and latest_at >= ${ownedSince(now)}
        and starts_with(path, ${prefix})
    ), work as (
      select file.entry, p.author_id, sum(p.weight) as weight
      from file
      join graph_touches t on t.file_id = file.id
      join graph_pull_requests p on p.repository_id = ${repositoryId} and p.number = t.number
      where p.state = 'merged' and p.author_id is not null and p.at >= ${ownedSince(now)}
      group by file.entry, p.author_id
    )
    select entry as path, d.developer_id as id, d.login, work.weight
    from work join graph_developers d on d.repository_id = ${repositoryId} and d.developer_id = work.author_id
    where not d.bot`.execute(db);
  return ownershipOf(rows, { now, limit });
}

/** `Graph.expertise`. */
export async function expertise(
  db: Db,
  repositoryId: number,
  developerId: number,
  { now, limit }: TimedOptions,
): Promise<Expertise[]> {
  const { rows } = await sql<Expertise>`
    select f.folder, sum(p.weight) as score, count(distinct f.id) as files,
      count(distinct p.number) as "pullRequests", max(p.at) as "latestAt"
    from graph_pull_requests p
    join graph_touches t on t.repository_id = p.repository_id and t.number = p.number
    join graph_files f on f.id = t.file_id
    where p.repository_id = ${repositoryId} and p.author_id = ${developerId} and p.state = 'merged'
      and f.present and not f.generated
    group by f.folder
    order by score desc, f.folder
    limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, score: valueAt(row.score, now) }));
}

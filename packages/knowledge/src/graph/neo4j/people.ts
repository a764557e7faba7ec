import type { Driver } from "neo4j-driver";
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
import { read } from "./session.ts";

/** `Graph.expertsFor`. */
export async function expertsFor(
  driver: Driver,
  repositoryId: number,
  paths: readonly string[],
  { now, limit, except = [] }: ExpertsOptions,
): Promise<Expert[]> {
  const rows = await read<Expert & { latestAt: number }>(
    driver,
    `unwind $paths as path
     match (f:File {repositoryId: $repositoryId, path: path})<-[:TOUCHES]-(p:PullRequest {state: 'merged'})
     with p, count(*) as files
     match (p)-[by:AUTHORED_BY|REVIEWED_BY]->(d:Developer)
     where not d.bot and not d.id in $except
     with d, p, files, 'AUTHORED_BY' in collect(type(by)) as wrote
     with d, max(p.at) as latestAt,
       sum(p.weight * files * case when wrote then 1 else $reviewShare end) as score,
       sum(case when wrote then 1 else 0 end) as authored, sum(case when wrote then 0 else 1 end) as reviewed
     return d.id as id, d.login as login, score, authored, reviewed, latestAt
     order by score desc, id
     limit $limit`,
    { repositoryId, paths: [...new Set(paths)], except, reviewShare, limit },
  );
  return rows.map((row) => ({
    ...row,
    score: valueAt(row.score, now),
    latestAt: new Date(row.latestAt),
  }));
}

/** `Graph.ownership`. */
export async function ownership(
  driver: Driver,
  repositoryId: number,
  { now, limit, folder }: OwnershipOptions,
): Promise<Ownership[]> {
  const rows = await read<FolderWork>(
    driver,
    `match (f:File {repositoryId: $repositoryId})
     where f.present and not f.generated and f.path starts with $prefix
     match (f)<-[:TOUCHES]-(p:PullRequest {state: 'merged'})-[:AUTHORED_BY]->(d:Developer)
     where p.at >= $since and not d.bot
     return $prefix + split(substring(f.path, size($prefix)), '/')[0] as path,
       d.id as id, d.login as login, sum(p.weight) as weight`,
    { repositoryId, prefix: folder === "" ? "" : `${folder}/`, since: ownedSince(now) },
  );
  return ownershipOf(rows, { now, limit });
}

/** `Graph.expertise`. */
export async function expertise(
  driver: Driver,
  repositoryId: number,
  developerId: number,
  { now, limit }: TimedOptions,
): Promise<Expertise[]> {
  const rows = await read<Expertise & { latestAt: number }>(
    driver,
    `match (:Developer {repositoryId: $repositoryId, id: $developerId})<-[:AUTHORED_BY]-
       (p:PullRequest {state: 'merged'})-[:TOUCHES]->(f:File)
     where f.present and not f.generated
     return f.folder as folder, sum(p.weight) as score, count(distinct f) as files,
       count(distinct p) as pullRequests, max(p.at) as latestAt
     order by score desc, folder
     limit $limit`,
    { repositoryId, developerId, limit },
  );
  return rows.map((row) => ({
    ...row,
    score: valueAt(row.score, now),
    latestAt: new Date(row.latestAt),
  }));
}

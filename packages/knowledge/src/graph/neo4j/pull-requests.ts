import type { Driver } from "neo4j-driver";
import { type Gaps, linesOf, sharedGaps } from "../changed-lines.ts";
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
import { chunksOf } from "../in-batches.ts";
import { valueAt } from "../weight.ts";
import { read } from "./session.ts";

/** A file that few pull requests touch says more of their kinship than one that most do. */
export async function relatedPullRequests(
  driver: Driver,
  repositoryId: number,
  paths: readonly string[],
  { now, limit, except = 0 }: RelatedOptions,
): Promise<RelatedPullRequest[]> {
  const rows = await read<RelatedPullRequest & { mergedAt: number }>(
    driver,
    `unwind $paths as path
     match (f:File {repositoryId: $repositoryId, path: path})<-[:TOUCHES]-(p:PullRequest {state: 'merged'})
     where p.number <> $except
     with p, f order by f.path
     with p, collect(f.path) as shared, p.weight * sum(1 / log(2.0 + f.pullRequests)) as score
     order by score desc, p.number desc
     limit $limit
     optional match (p)-[:AUTHORED_BY]->(d:Developer)
     return p.number as number, p.title as title, p.at as mergedAt, shared as sharedPaths, score,
       ${author} as author
     order by score desc, number desc`,
    { repositoryId, paths: [...new Set(paths)], except, limit },
  );
  return rows.map((row) => ({ ...row, score: valueAt(row.score, now), mergedAt: new Date(row.mergedAt) }));
}

const author = "case when d is null then null else {id: d.id, login: d.login} end";

/** `Graph.linkedIssues`. */
export async function linkedIssues(
  driver: Driver,
  repositoryId: number,
  number: number,
): Promise<LinkedIssue[]> {
  return await read<LinkedIssue>(
    driver,
    `match (p:PullRequest {repositoryId: $repositoryId, number: $number})-[:CLOSES]->(i:Issue)
     optional match (i)<-[:CLOSES]-(o:PullRequest) where o <> p
     with i, o order by o.number
     return i.number as number,
       collect(case when o is null then null else {number: o.number, state: o.state} end) as alsoClosedBy
     order by number`,
    { repositoryId, number },
  );
}

/** `Graph.changesTogether`. */
export async function changesTogether(
  driver: Driver,
  repositoryId: number,
  paths: readonly string[],
  { leastTogether, leastConfidence, limit }: TogetherOptions,
): Promise<ChangesTogether[]> {
  return await read<ChangesTogether>(
    driver,
    `unwind $paths as path
     match (a:File {repositoryId: $repositoryId, path: path})
     call {
       with a
       match (a)<-[:TOUCHES]-(p:PullRequest {state: 'merged'}) where p.files <= $mostFilesTogether
       return p order by p.number desc limit $mostPullRequestsTogether
     }
     with a, collect(p) as pulls where size(pulls) >= $leastTogether
     unwind pulls as p
     match (p)-[:TOUCHES]->(o:File)
     where o.present and not o.path in $paths
     with a, size(pulls) as of, o, count(*) as together
     where together >= $leastTogether and together >= of * $leastConfidence
     with o, a, of, together order by toFloat(together) / of desc, together desc, a.path
     with o, head(collect({with: a.path, together: together, of: of})) as best
     return o.path as path, best.with as with, best.together as together, best.of as of
     order by toFloat(together) / of desc, together desc, path
     limit $limit`,
    {
      repositoryId,
      paths: [...new Set(paths)],
      leastTogether,
      leastConfidence,
      limit,
      mostFilesTogether,
      mostPullRequestsTogether,
    },
  );
}

/** `Graph.conflictsOf`. Two that both delete a file do not conflict. */
export async function conflictsOf(driver: Driver, repositoryId: number, number: number): Promise<Conflict[]> {
  const rows = await read<Omit<Conflict, "files"> & { path: string; mine: number[]; theirs: number[] }>(
    driver,
    `match (asked:PullRequest {repositoryId: $repositoryId, number: $number, state: 'open'})-[mine:TOUCHES]->
       (f:File)<-[theirs:TOUCHES]-(p:PullRequest {state: 'open'})
     where p <> asked and p.base = asked.base and not (mine.status = 'removed' and theirs.status = 'removed')
     optional match (p)-[:AUTHORED_BY]->(d:Developer)
     return p.number as number, p.title as title, ${author} as author, f.path as path,
       mine.gaps as mine, theirs.gaps as theirs
     order by number, path`,
    { repositoryId, number },
  );
  const touching = rows.flatMap(({ mine, theirs, ...row }) => {
    const shared = sharedGaps(pairsOf(mine), pairsOf(theirs));
    return shared.length === 0 ? [] : [{ ...row, lines: shared.map(linesOf) }];
  });
  return [...Map.groupBy(touching, (row) => row.number)].map(([other, files]) => ({
    number: other,
    title: files[0]?.title ?? "",
    author: files[0]?.author ?? null,
    files: files.map(({ path, lines }) => ({ path, lines })),
  }));
}

function pairsOf(flat: readonly number[]): Gaps[] {
  return chunksOf(flat, 2).map(([first = 0, last = 0]) => [first, last]);
}

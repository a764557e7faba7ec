import type { Driver } from "neo4j-driver";
import type { DeadFiles, DeadOptions, Hotspot, RiskyFile, RiskyOptions, TimedOptions } from "../graph.ts";
import type { FindingOutcome } from "../pull-request-facts.ts";
import { riskOf } from "../severity-weights.ts";
import { valueAt } from "../weight.ts";
import { read, type Run } from "./session.ts";

/** `Graph.hotspots`. */
export async function hotspots(
  driver: Driver,
  repositoryId: number,
  { now, limit }: TimedOptions,
): Promise<Hotspot[]> {
  const rows = await read<Hotspot & { latestAt: number }>(
    driver,
    `match (f:File {repositoryId: $repositoryId})
     where f.heat > 0 and f.present and not f.generated
     return f.path as path, f.heat as score, f.pullRequests as pullRequests, f.latestAt as latestAt
     order by f.heat desc
     limit $limit`,
    { repositoryId, limit },
  );
  return rows.map((row) => ({
    ...row,
    score: valueAt(row.score, now),
    latestAt: new Date(row.latestAt),
  }));
}

/** `Graph.indexFindings`: on the pull request itself, which keeps them when its files are indexed anew. */
export async function saveFindings(
  run: Run,
  repositoryId: number,
  number: number,
  findings: readonly FindingOutcome[],
): Promise<void> {
  const told = findings.filter((finding) => riskOf(finding) > 0);
  const files = [...Map.groupBy(told, ({ path }) => path)];
  const count = (list: readonly FindingOutcome[], state: FindingOutcome["state"]) =>
    list.filter((finding) => finding.state === state).length;
  await run(
    `merge (p:PullRequest {repositoryId: $repositoryId, number: $number})
     set p.findingPaths = $paths, p.findingsFixed = $fixed, p.findingsRegressed = $regressed, p.findingRisks = $risks`,
    {
      repositoryId,
      number,
      paths: files.map(([path]) => path),
      fixed: files.map(([, list]) => count(list, "fixed")),
      regressed: files.map(([, list]) => count(list, "regressed")),
      risks: files.map(([, list]) => list.reduce((sum, finding) => sum + riskOf(finding), 0)),
    },
  );
}

/** `Graph.riskyFiles`. */
export async function riskyFiles(
  driver: Driver,
  repositoryId: number,
  { paths, limit }: RiskyOptions,
): Promise<RiskyFile[]> {
  return await read<RiskyFile>(
    driver,
    `match (p:PullRequest {repositoryId: $repositoryId})
     where size(p.findingPaths) > 0
     unwind range(0, size(p.findingPaths) - 1) as i
     match (p)-[t:TOUCHES]->(f:File)
     where t.path = p.findingPaths[i] and f.present and ($paths is null or f.path in $paths)
     with f, sum(p.findingsFixed[i]) as fixed, sum(p.findingsRegressed[i]) as regressed,
       sum(p.findingRisks[i]) as score
     return f.path as path, fixed, regressed, score
     order by score desc, path
     limit $limit`,
    { repositoryId, paths: paths ?? null, limit },
  );
}

/** `Graph.deadFiles`. */
export async function deadFiles(
  driver: Driver,
  repositoryId: number,
  { since, limit }: DeadOptions,
): Promise<DeadFiles> {
  const [known] = await read<{ pullRequests: number; knownSince: number | null }>(
    driver,
    `match (p:PullRequest {repositoryId: $repositoryId, state: 'merged'})
     return count(p) as pullRequests, min(p.at) as knownSince`,
    { repositoryId },
  );
  const files = await read<{ path: string; size: number; latestAt: number | null }>(
    driver,
    `match (f:File {repositoryId: $repositoryId})
     where f.present and not f.generated and (f.latestAt is null or f.latestAt < $since)
     return f.path as path, coalesce(f.size, 0) as size, f.latestAt as latestAt
     order by coalesce(f.latestAt, -1)
     limit $limit`,
    { repositoryId, since, limit },
  );
  const { pullRequests = 0, knownSince = null } = known ?? {};
  return {
    pullRequests,
    knownSince: dateOf(knownSince),
    files: files.map((file) => ({ ...file, latestAt: dateOf(file.latestAt) })),
  };
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

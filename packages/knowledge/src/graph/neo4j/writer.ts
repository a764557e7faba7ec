import { gapsOf, joinGaps } from "../changed-lines.ts";
import type { Rename } from "../follow-renames.ts";
import { folderOf } from "../folder-of.ts";
import type { GraphWriter, KnownTouch } from "../index-pull-requests.ts";
import { savePulls } from "./save-pulls.ts";
import type { Run } from "./session.ts";

/** Locks the repository's graph for the transaction. */
export async function createWriter(run: Run, repositoryId: number): Promise<GraphWriter> {
  // To set a property is to lock its node.
  const [repository] = await run<{ branch: string | null; treeAt: number | null }>(
    `merge (r:Repository {repositoryId: $repositoryId})
     set r.writtenAt = timestamp()
     with r
     return r.branch as branch, r.treeAt as treeAt`,
    { repositoryId },
  );
  const { branch = null, treeAt = null } = repository ?? {};
  return {
    branch,
    treeAt: treeAt === null ? null : new Date(treeAt),
    savePulls: (pulls) => savePulls(run, repositoryId, pulls),
    landedRenames: () => landedRenames(run, repositoryId, branch),
    clearTouches: (numbers) => clearTouches(run, repositoryId, numbers),
    saveFiles: (files) => saveFiles(run, repositoryId, files),
    addTouches: (touches) => addTouches(run, repositoryId, touches),
    touchesOn: (files) => touchesOn(run, repositoryId, files),
    moveTouches: (touches) => moveTouches(run, repositoryId, touches),
    refresh: (files) => refresh(run, repositoryId, files),
  };
}

async function landedRenames(run: Run, repositoryId: number, branch: string | null): Promise<Rename[]> {
  const rows = await run<Omit<Rename, "at"> & { at: number }>(
    `match (p:PullRequest {repositoryId: $repositoryId, state: 'merged'})-[t:TOUCHES]->()
     where t.previousPath is not null and ($branch is null or p.base = $branch)
     return t.previousPath as from, t.path as to, p.at as at, p.number as number`,
    { repositoryId, branch },
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

async function clearTouches(run: Run, repositoryId: number, numbers: readonly number[]): Promise<string[]> {
  const rows = await run<{ path: string }>(
    `unwind $numbers as number
     match (:PullRequest {repositoryId: $repositoryId, number: number})-[t:TOUCHES]->(f:File)
     delete t
     return distinct f.path as path`,
    { repositoryId, numbers },
  );
  return rows.map(({ path }) => path);
}

const saveFiles = async (
  run: Run,
  repositoryId: number,
  files: Parameters<GraphWriter["saveFiles"]>[0],
): Promise<void> => {
  await run(
    `match (r:Repository {repositoryId: $repositoryId})
     unwind $files as file
     merge (f:File {repositoryId: $repositoryId, path: file.path})
     on create set f.folder = file.folder, f.present = false, f.generated = false, f.heat = 0.0, f.pullRequests = 0
     with r, f, file where file.at > coalesce(f.presentAt, -1)
     set f.present = file.present, f.presentAt = file.at
     ${syncContains}`,
    {
      repositoryId,
      files: [...files].map(([path, heard]) => ({
        path,
        folder: folderOf(path),
        present: heard?.present ?? false,
        at: heard?.at ?? null,
      })),
    },
  );
};

/** The end of a statement over `r` and `f`: the repository contains what is present. */
export const syncContains = `
  foreach (_ in case when f.present then [1] else [] end | merge (r)-[:CONTAINS]->(f))
  with r, f where not f.present
  match (r)-[c:CONTAINS]->(f)
  delete c`;

const addTouches = async (
  run: Run,
  repositoryId: number,
  touches: Parameters<GraphWriter["addTouches"]>[0],
): Promise<void> => {
  await run(
    `unwind $touches as touch
     match (p:PullRequest {repositoryId: $repositoryId, number: touch.number})
     match (f:File {repositoryId: $repositoryId, path: touch.file})
     create (p)-[t:TOUCHES]->(f)
     set t = touch.facts`,
    {
      repositoryId,
      touches: touches.map(({ number, path, previousPath, file, facts }) => ({
        number,
        file,
        facts: {
          path,
          previousPath,
          status: facts.status,
          additions: facts.additions,
          deletions: facts.deletions,
          // Lists of lists can't be kept: first, last, first, last.
          gaps: joinGaps(facts.hunks.map(gapsOf)).flat(),
          newLines: facts.hunks.flatMap(({ newStart, newLines }) =>
            newLines === 0 ? [] : [newStart, newStart + newLines - 1],
          ),
        },
      })),
    },
  );
};

async function touchesOn(run: Run, repositoryId: number, files: readonly string[]): Promise<KnownTouch[]> {
  const rows = await run<Omit<KnownTouch, "at"> & { at: number }>(
    `unwind $files as path
     match (f:File {repositoryId: $repositoryId, path: path})<-[t:TOUCHES]-(p:PullRequest)
     return p.number as number, t.path as path, t.previousPath as previousPath, f.path as file,
       p.state as state, p.base as base, p.at as at`,
    { repositoryId, files },
  );
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}

const moveTouches = async (
  run: Run,
  repositoryId: number,
  touches: Parameters<GraphWriter["moveTouches"]>[0],
): Promise<void> => {
  await run(
    `unwind $moves as move
     match (p:PullRequest {repositoryId: $repositoryId, number: move.number})-[old:TOUCHES {path: move.path}]->()
     match (f:File {repositoryId: $repositoryId, path: move.file})
     create (p)-[t:TOUCHES]->(f)
     set t = properties(old)
     delete old`,
    { repositoryId, moves: touches.map(({ number, path, file }) => ({ number, path, file })) },
  );
};

async function refresh(run: Run, repositoryId: number, files: readonly string[]): Promise<void> {
  await run(
    `unwind $files as path
     match (f:File {repositoryId: $repositoryId, path: path})
     optional match (f)<-[:TOUCHES]-(p:PullRequest {state: 'merged'})
     with f, sum(p.weight) as heat, count(p) as pulls, max(p.at) as latestAt
     set f.heat = toFloat(heat), f.pullRequests = pulls, f.latestAt = latestAt`,
    { repositoryId, files },
  );
}

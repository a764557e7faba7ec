import type { Database } from "@nectr/db";
import { sql, type Transaction } from "kysely";
import { gapsOf } from "../changed-lines.ts";
import { folderOf } from "../folder-of.ts";
import type { Rename } from "../follow-renames.ts";
import type { GraphWriter, KnownTouch } from "../index-pull-requests.ts";
import type { ChangedLines } from "../pull-request-facts.ts";
import { savePulls } from "./pull-request-store.ts";

type Tx = Transaction<Database>;

/** Locks the repository's graph for the transaction. */
export async function createWriter(tx: Tx, repositoryId: number): Promise<GraphWriter> {
  const repository = await tx
    .insertInto("graph_repositories")
    .values({ repository_id: repositoryId, branch: null, tree_sha: null, tree_at: null })
    .onConflict((conflict) =>
      conflict.column("repository_id").doUpdateSet((e) => ({ branch: e.ref("graph_repositories.branch") })),
    )
    .returning(["branch", "tree_at"])
    .executeTakeFirstOrThrow();
  return {
    branch: repository.branch,
    treeAt: repository.tree_at,
    savePulls: (pulls) => savePulls(tx, repositoryId, pulls),
    landedRenames: () => landedRenames(tx, repositoryId, repository.branch),
    clearTouches: (numbers) => clearTouches(tx, repositoryId, numbers),
    saveFiles: (files) => saveFiles(tx, repositoryId, files),
    addTouches: (touches) => addTouches(tx, repositoryId, touches),
    touchesOn: (files) => touchesOn(tx, repositoryId, files),
    moveTouches: (touches) => moveTouches(tx, repositoryId, touches),
    refresh: (files) => refresh(tx, repositoryId, files),
  };
}

async function landedRenames(tx: Tx, repositoryId: number, branch: string | null): Promise<Rename[]> {
  const { rows } = await sql<Rename>`
    select t.previous_path as "from", t.path as "to", p.at, t.number
    from graph_touches t join graph_pull_requests p using (repository_id, number)
    where t.repository_id = ${repositoryId} and t.previous_path is not null
      and p.state = 'merged' and (${branch}::text is null or p.base = ${branch})`.execute(tx);
  return rows;
}

async function clearTouches(tx: Tx, repositoryId: number, numbers: readonly number[]): Promise<string[]> {
  const { rows } = await sql<{ path: string }>`
    with gone as (
      delete from graph_touches where repository_id = ${repositoryId} and number = any(${numbers}::int[])
      returning file_id)
    select path from graph_files where id in (select file_id from gone)`.execute(tx);
  return rows.map(({ path }) => path);
}

const saveFiles = async (
  tx: Tx,
  repositoryId: number,
  files: Parameters<GraphWriter["saveFiles"]>[0],
): Promise<void> => {
  const rows = [...files].map(([path, heard]) => ({ path, ...heard }));
  await sql`
    insert into graph_files (repository_id, path, folder, present, present_at)
    select ${repositoryId}, path, folder, coalesce(present, false), at
    from unnest(
      ${rows.map(({ path }) => path)}::text[],
      ${rows.map(({ path }) => folderOf(path))}::text[],
      ${rows.map(({ present }) => present ?? null)}::boolean[],
      ${rows.map(({ at }) => at ?? null)}::timestamptz[]) as heard (path, folder, present, at)
    order by path
    on conflict (repository_id, path) do update
    set present = excluded.present, present_at = excluded.present_at
    where excluded.present_at > coalesce(graph_files.present_at, '-infinity')`.execute(tx);
};

const addTouches = async (
  tx: Tx,
  repositoryId: number,
  touches: Parameters<GraphWriter["addTouches"]>[0],
): Promise<void> => {
  await sql`
    insert into graph_touches
    select ${repositoryId}, t.number, t.path, t.previous_path, f.id, t.status, t.additions, t.deletions,
      t.gaps::int4multirange, t.new_lines::int4multirange
    from unnest(
      ${touches.map(({ number }) => number)}::int[],
      ${touches.map(({ path }) => path)}::text[],
      ${touches.map(({ previousPath }) => previousPath)}::text[],
      ${touches.map(({ file }) => file)}::text[],
      ${touches.map(({ facts }) => facts.status)}::text[],
      ${touches.map(({ facts }) => facts.additions)}::int[],
      ${touches.map(({ facts }) => facts.deletions)}::int[],
      ${touches.map(({ facts }) => multirange(facts.hunks.map(gapsOf)))}::text[],
      ${touches.map(({ facts }) => multirange(facts.hunks.flatMap(newLinesOf)))}::text[]
    ) as t (number, path, previous_path, file, status, additions, deletions, gaps, new_lines)
    join graph_files f on f.repository_id = ${repositoryId} and f.path = t.file`.execute(tx);
};

function newLinesOf({ newStart, newLines }: ChangedLines): [number, number][] {
  return newLines === 0 ? [] : [[newStart, newStart + newLines - 1]];
}

function multirange(ranges: readonly (readonly [number, number])[]): string {
  return `{${ranges.map(([first, last]) => `[${first},${last}]`).join(",")}}`;
}

async function touchesOn(tx: Tx, repositoryId: number, files: readonly string[]): Promise<KnownTouch[]> {
  const { rows } = await sql<KnownTouch>`
    select t.number, t.path, t.previous_path as "previousPath", f.path as file, p.state, p.base, p.at
    from graph_files f
    join graph_touches t on t.file_id = f.id
    join graph_pull_requests p on p.repository_id = f.repository_id and p.number = t.number
    where f.repository_id = ${repositoryId} and f.path = any(${files}::text[])`.execute(tx);
  return rows;
}

const moveTouches = async (
  tx: Tx,
  repositoryId: number,
  touches: Parameters<GraphWriter["moveTouches"]>[0],
): Promise<void> => {
  if (touches.length === 0) return;
  await sql`
    update graph_touches t set file_id = f.id
    from unnest(
      ${touches.map(({ number }) => number)}::int[],
      ${touches.map(({ path }) => path)}::text[],
      ${touches.map(({ file }) => file)}::text[]) as move (number, path, file)
    join graph_files f on f.repository_id = ${repositoryId} and f.path = move.file
    where t.repository_id = ${repositoryId} and t.number = move.number and t.path = move.path`.execute(tx);
};

async function refresh(tx: Tx, repositoryId: number, files: readonly string[]): Promise<void> {
  await sql`
    update graph_files f
    set heat = coalesce(work.heat, 0), pull_requests = work.pulls, latest_at = work.latest_at
    from (
      select g.id, sum(p.weight) as heat, count(p.number) as pulls, max(p.at) as latest_at
      from graph_files g
      left join graph_touches t on t.file_id = g.id
      left join graph_pull_requests p
        on p.repository_id = g.repository_id and p.number = t.number and p.state = 'merged'
      where g.repository_id = ${repositoryId} and g.path = any(${files}::text[])
      group by g.id) work
    where f.id = work.id`.execute(tx);
}

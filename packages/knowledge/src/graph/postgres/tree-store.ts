import type { Database, Db } from "@nectr/db";
import { sql, type Transaction } from "kysely";
import { folderOf } from "../folder-of.ts";
import { chunksOf } from "../in-batches.ts";
import type { Tree, TreeFile } from "../pull-request-facts.ts";

/** Rows a statement. */
const batch = 5_000;

/** Takes a tree, unless a later one is known. */
export async function indexTree(
  db: Db,
  repositoryId: number,
  files: readonly TreeFile[],
  tree: Tree,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await saveTree(tx, repositoryId, tree))) return;
    // Two of one path can't be saved by one statement.
    const rows = [...new Map(files.map((file) => [file.path, file])).values()];
    for (const chunk of chunksOf(rows, batch)) await saveFiles(tx, repositoryId, chunk, tree);
    await sql`
      update graph_files set present = false, present_at = ${tree.at}
      where repository_id = ${repositoryId} and coalesce(present_at, '-infinity') < ${tree.at}`.execute(tx);
  });
}

async function saveTree(tx: Transaction<Database>, repositoryId: number, tree: Tree): Promise<boolean> {
  const facts = { branch: tree.branch, tree_sha: tree.sha, tree_at: tree.at };
  const saved = await tx
    .insertInto("graph_repositories")
    .values({ repository_id: repositoryId, ...facts })
    .onConflict((conflict) =>
      conflict
        .column("repository_id")
        .doUpdateSet(facts)
        .where(sql<boolean>`coalesce(graph_repositories.tree_at, '-infinity') <= excluded.tree_at`),
    )
    .returning("repository_id")
    .executeTakeFirst();
  return saved !== undefined;
}

async function saveFiles(
  tx: Transaction<Database>,
  repositoryId: number,
  files: readonly TreeFile[],
  { at }: Tree,
): Promise<void> {
  await sql`
    insert into graph_files (repository_id, path, folder, size, generated, present, present_at)
    select ${repositoryId}, path, folder, size, generated, true, ${at}
    from unnest(
      ${files.map(({ path }) => path)}::text[],
      ${files.map(({ path }) => folderOf(path))}::text[],
      ${files.map(({ size }) => size)}::bigint[],
      ${files.map(({ generated }) => generated ?? false)}::boolean[]) as file (path, folder, size, generated)
    on conflict (repository_id, path) do update
    set size = excluded.size, generated = excluded.generated,
      -- A pull request that was merged since then knows better.
      present = case when graph_files.present_at > excluded.present_at
        then graph_files.present else true end,
      present_at = greatest(graph_files.present_at, excluded.present_at)`.execute(tx);
}

import { folderOf } from "../folder-of.ts";
import { chunksOf } from "../in-batches.ts";
import type { Tree, TreeFile } from "../pull-request-facts.ts";
import type { Run } from "./session.ts";
import { syncContains } from "./writer.ts";

/** Rows a statement. */
const batch = 5_000;

/** Takes a tree, unless a later one is known. */
export async function indexTree(
  run: Run,
  repositoryId: number,
  files: readonly TreeFile[],
  tree: Tree,
): Promise<void> {
  const saved = await run(
    `merge (r:Repository {repositoryId: $repositoryId})
     set r.writtenAt = timestamp()
     with r where coalesce(r.treeAt, -1) <= $at
     set r.branch = $branch, r.treeSha = $sha, r.treeAt = $at
     return r.branch`,
    { repositoryId, ...tree },
  );
  if (saved.length === 0) return;
  for (const chunk of chunksOf(files, batch)) await saveFiles(run, repositoryId, chunk, tree);
  await run(
    `match (r:Repository {repositoryId: $repositoryId}), (f:File {repositoryId: $repositoryId})
     where coalesce(f.presentAt, -1) < $at
     set f.present = false, f.presentAt = $at
     ${syncContains}`,
    { repositoryId, at: tree.at },
  );
}

async function saveFiles(
  run: Run,
  repositoryId: number,
  files: readonly TreeFile[],
  { at }: Tree,
): Promise<void> {
  await run(
    `match (r:Repository {repositoryId: $repositoryId})
     unwind $files as file
     merge (f:File {repositoryId: $repositoryId, path: file.path})
     on create set f.heat = 0.0, f.pullRequests = 0
     set f.folder = file.folder, f.size = file.size, f.generated = file.generated
     // A pull request that was merged since then knows better.
     with r, f where coalesce(f.presentAt, -1) <= $at
     set f.present = true, f.presentAt = $at
     ${syncContains}`,
    {
      repositoryId,
      at,
      files: files.map(({ path, size, generated = false }) => ({
        path,
        folder: folderOf(path),
        size,
        generated,
      })),
    },
  );
}

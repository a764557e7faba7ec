import { writeMerge } from "../git/commit.ts";
import { branchTip, updateRef } from "../git/refs.ts";
import type { PullRequestRecord, RepositoryRecord, UserRecord } from "../state/model.ts";
import { type World, gitDir } from "../world.ts";
import { afterPush } from "./push.ts";

/**
 * Merges a pull request with a merge commit; the push to the base then closes it as merged. Returns the merge
 * commit's sha, undefined where the two sides conflict.
 */
export function mergePull(
  world: World,
  repository: RepositoryRecord,
  issue: PullRequestRecord,
  by: UserRecord,
  title = `Merge pull request #${issue.number} from ${issue.pull.headRef}`,
): Promise<string | undefined> {
  const dir = gitDir(world, repository);
  return world.oneAtATime(dir, async () => {
    const before = (await branchTip(dir, issue.pull.baseRef)) ?? issue.pull.baseSha;
    const after = await writeMerge(dir, {
      base: before,
      head: issue.pull.headSha,
      message: `${title}\n\n${issue.title}`,
      author: { name: by.name ?? by.login, email: by.email },
      at: world.now(),
    });
    if (after === undefined) return undefined;
    await updateRef(dir, `refs/heads/${issue.pull.baseRef}`, after);
    await afterPush(world, repository, [{ branch: issue.pull.baseRef, before, after }], by);
    return after;
  });
}

import { type World, gitDir } from "../world.ts";
import type { Diff } from "../git/diff.ts";
import { mergeBase } from "../git/history.ts";
import { repositoryById } from "../state/lookups.ts";
import type { PullRequestRecord } from "../state/model.ts";

/** What a pull request changes: from the merge base to its head, or to an earlier commit of it. */
export async function diffOfPull(world: World, issue: PullRequestRecord, commit?: string): Promise<Diff> {
  const dir = gitDir(world, repositoryById(world.store.state, issue.repositoryId));
  const head = commit ?? issue.pull.headSha;
  const base = (await mergeBase(dir, issue.pull.baseSha, head)) ?? issue.pull.baseSha;
  return world.diffs.between(dir, base, head);
}

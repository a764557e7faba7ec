import { type World, gitDir, timestamp } from "../world.ts";
import { type Commit, isAncestor, listCommits, mergeBase } from "../git/history.ts";
import { type Branch, branchTip, updateRef, zeroSha } from "../git/refs.ts";
import { fetchBranch } from "../git/repositories.ts";
import { pageUrl } from "../present/links.ts";
import { isPullRequest, repositoryById } from "../state/lookups.ts";
import type { PullRequestRecord, RepositoryRecord, UserRecord } from "../state/model.ts";
import { announcePull, announcePush } from "../webhooks/announce.ts";

/** One branch that a push moved, made (`before` undefined) or removed (`after` undefined). */
interface BranchChange {
  readonly branch: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What differs between the branches before and after a push. */
export function branchChanges(before: readonly Branch[], after: readonly Branch[]): BranchChange[] {
  const old = new Map(before.map((branch) => [branch.name, branch.sha]));
  const now = new Map(after.map((branch) => [branch.name, branch.sha]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((branch) => ({ branch, before: old.get(branch), after: now.get(branch) }))
    .filter((change) => change.before !== change.after);
}

/**
 * What follows from a push that git has already taken: a `push` event, new heads for the pull requests of each
 * branch (`synchronize`), a merge where a base now holds a pull request's head, a close where a head is gone.
 */
export async function afterPush(
  world: World,
  repository: RepositoryRecord,
  changes: readonly BranchChange[],
  pusher: UserRecord,
): Promise<void> {
  if (changes.length === 0) return;
  repository.pushedAt = timestamp(world);
  world.store.save();
  for (const change of changes) {
    await announcePush(world, repository, pusher, await pushPayload(world, repository, change, pusher));
    for (const issue of openPulls(world)) {
      const { pull } = issue;
      if (pull.headRepositoryId === repository.id && pull.headRef === change.branch) {
        await moveHead(world, issue, change, pusher);
      } else if (issue.repositoryId === repository.id && pull.baseRef === change.branch && change.after) {
        await noticeMerge(world, issue, change.after, pusher);
      }
    }
  }
}

function openPulls(world: World): PullRequestRecord[] {
  return world.store.state.issues.filter(isPullRequest).filter((issue) => issue.state === "open");
}

async function moveHead(
  world: World,
  issue: PullRequestRecord,
  change: BranchChange,
  pusher: UserRecord,
): Promise<void> {
  if (change.after === undefined) return closePull(world, issue, pusher);
  const before = issue.pull.headSha;
  await takeHead(world, issue, change.after);
  issue.updatedAt = timestamp(world);
  world.store.save();
  await announcePull(world, issue, "synchronize", pusher, { before, after: change.after });
}

/** Points a pull request at a commit of its head branch, and keeps that commit in `refs/pull/N/head`. */
export async function takeHead(world: World, issue: PullRequestRecord, sha: string): Promise<void> {
  const { state } = world.store;
  const repository = repositoryById(state, issue.repositoryId);
  const dir = gitDir(world, repository);
  const ref = `refs/pull/${issue.number}/head`;
  if (issue.pull.headRepositoryId === repository.id) await updateRef(dir, ref, sha);
  else await fetchBranch(dir, gitDir(world, repositoryById(state, issue.pull.headRepositoryId)), sha, ref);
  issue.pull.headSha = sha;
  issue.pull.baseSha = (await branchTip(dir, issue.pull.baseRef)) ?? issue.pull.baseSha;
}

async function noticeMerge(
  world: World,
  issue: PullRequestRecord,
  base: string,
  pusher: UserRecord,
): Promise<void> {
  const dir = gitDir(world, repositoryById(world.store.state, issue.repositoryId));
  if (!(await isAncestor(dir, issue.pull.headSha, base))) return;
  // The base stays where it was, or the pull request would show no changes.
  await closePull(world, issue, pusher, base);
}

/** Closes a pull request, as merged where the merge commit is given. */
export async function closePull(
  world: World,
  issue: PullRequestRecord,
  by: UserRecord,
  mergeCommitSha?: string,
): Promise<void> {
  issue.state = "closed";
  issue.closedAt = timestamp(world);
  issue.updatedAt = issue.closedAt;
  if (mergeCommitSha !== undefined) {
    Object.assign(issue.pull, { mergedAt: issue.closedAt, mergedById: by.id, mergeCommitSha });
  }
  world.store.save();
  await announcePull(world, issue, "closed", by);
}

async function pushPayload(
  world: World,
  repository: RepositoryRecord,
  change: BranchChange,
  pusher: UserRecord,
): Promise<Record<string, unknown>> {
  const dir = gitDir(world, repository);
  const { before, after } = change;
  const commits = after
    ? await listCommits(dir, before ? `${before}..${after}` : `${after}^!`, { reverse: true })
    : [];
  const shown = commits.map((commit) => pushedCommit(world, repository, commit));
  const forced = before && after ? (await mergeBase(dir, before, after)) !== before : false;
  const page = pageUrl(world, repository);
  return {
    ref: `refs/heads/${change.branch}`,
    before: before ?? zeroSha,
    after: after ?? zeroSha,
    created: before === undefined,
    deleted: after === undefined,
    forced,
    base_ref: null,
    compare: `${page}/compare/${(before ?? zeroSha).slice(0, 12)}...${(after ?? zeroSha).slice(0, 12)}`,
    commits: shown,
    head_commit: shown.at(-1) ?? null,
    pusher: { name: pusher.login, email: pusher.email },
  };
}

function pushedCommit(world: World, repository: RepositoryRecord, commit: Commit): Record<string, unknown> {
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct: true,
    message: commit.message,
    timestamp: commit.committer.date,
    url: `${pageUrl(world, repository)}/commit/${commit.sha}`,
    author: { name: commit.author.name, email: commit.author.email },
    committer: { name: commit.committer.name, email: commit.committer.email },
    added: [],
    removed: [],
    modified: [],
  };
}

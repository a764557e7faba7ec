import { type World, gitDir, timestamp } from "../world.ts";
import { shasBetween, mergeBase } from "../git/history.ts";
import { branchTip, defaultBranch } from "../git/refs.ts";
import { fetchBranch } from "../git/repositories.ts";
import { validationFailed, unprocessable, isTooLong, tooLong } from "../problem.ts";
import { isPullRequest, mayWrite, permissionOf, userByLogin } from "../state/lookups.ts";
import type { PullRequestRecord, RepositoryRecord, UserRecord } from "../state/model.ts";
import { announcePull } from "../webhooks/announce.ts";
import { takeHead } from "./push.ts";

export interface NewPull {
  /** `branch`, or `owner:branch` of a fork. */
  readonly head: string;
  readonly base?: string | undefined;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly draft?: boolean | undefined;
}

/** Opens a pull request and sends `opened`. Throws GitHubProblem where GitHub would refuse it. */
export async function openPull(
  world: World,
  repository: RepositoryRecord,
  author: UserRecord,
  request: NewPull,
): Promise<PullRequestRecord> {
  const dir = gitDir(world, repository);
  const baseRef = request.base ?? (await defaultBranch(dir));
  const head = headOf(world, repository, author, request.head);
  const headDir = gitDir(world, head.repository);
  const [baseSha, headSha] = await Promise.all([branchTip(dir, baseRef), branchTip(headDir, head.branch)]);
  if (!headSha) throw invalid("head");
  if (!baseSha) throw invalid("base");
  if (request.body && isTooLong(request.body)) throw unprocessable(tooLong);
  if (head.repository !== repository) await fetchBranch(dir, headDir, headSha, `refs/nectr/${headSha}`);
  await requireChanges(dir, baseRef, baseSha, head.branch, headSha);
  requireNoOther(world, repository, head, baseRef);

  const issue = insert(world, repository, author, request, {
    headRepositoryId: head.repository.id,
    headRef: head.branch,
    headSha,
    baseRef,
    baseSha,
  });
  await takeHead(world, issue, headSha);
  world.store.save();
  await announcePull(world, issue, "opened", author);
  return issue;
}

function headOf(world: World, repository: RepositoryRecord, author: UserRecord, head: string) {
  const { state } = world.store;
  const colon = head.indexOf(":");
  const branch = head.slice(colon + 1);
  const owner = colon === -1 ? undefined : userByLogin(state, head.slice(0, colon));
  if (colon !== -1 && !owner) throw invalid("head");
  const ownerId = owner?.id ?? repository.ownerId;
  const from =
    ownerId === repository.ownerId
      ? repository
      : state.repositories.find((fork) => fork.ownerId === ownerId && fork.forkOf === repository.id);
  if (!from) throw invalid("head");
  if (!mayWrite(permissionOf(from, author))) {
    throw validationFailed({ resource: "PullRequest", code: "custom", message: "must be a collaborator" });
  }
  return { repository: from, branch };
}

async function requireChanges(dir: string, base: string, baseSha: string, head: string, headSha: string) {
  const custom = (message: string) => validationFailed({ resource: "PullRequest", code: "custom", message });
  if (!(await mergeBase(dir, baseSha, headSha))) {
    throw custom(`The ${head} branch has no history in common with ${base}`);
  }
  const commits = await shasBetween(dir, baseSha, headSha);
  if (commits.length === 0) throw custom(`No commits between ${base} and ${head}`);
}

function requireNoOther(
  world: World,
  repository: RepositoryRecord,
  head: { repository: RepositoryRecord; branch: string },
  baseRef: string,
): void {
  const { state } = world.store;
  const same = state.issues
    .filter(isPullRequest)
    .some(
      ({ repositoryId, state: open, pull }) =>
        repositoryId === repository.id &&
        open === "open" &&
        pull.headRepositoryId === head.repository.id &&
        pull.headRef === head.branch &&
        pull.baseRef === baseRef,
    );
  if (!same) return;
  const owner = state.users.find((user) => user.id === head.repository.ownerId);
  const message = `A pull request already exists for ${owner?.login}:${head.branch}.`;
  throw validationFailed({ resource: "PullRequest", code: "custom", message });
}

function insert(
  world: World,
  repository: RepositoryRecord,
  author: UserRecord,
  request: NewPull,
  ends: Pick<PullRequestRecord["pull"], "headRepositoryId" | "headRef" | "headSha" | "baseRef" | "baseSha">,
): PullRequestRecord {
  const { store } = world;
  const at = timestamp(world);
  const issue: PullRequestRecord = {
    id: store.nextId(),
    repositoryId: repository.id,
    number: repository.nextNumber++,
    title: request.title,
    body: request.body ?? null,
    authorId: author.id,
    state: "open",
    locked: false,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    pull: {
      id: store.nextId(),
      ...ends,
      draft: request.draft ?? false,
      mergedAt: null,
      mergedById: null,
      mergeCommitSha: null,
    },
  };
  store.state.issues.push(issue);
  store.save();
  return issue;
}

function invalid(field: "head" | "base") {
  return validationFailed({ resource: "PullRequest", field, code: "invalid" });
}

import type { World } from "../world.ts";
import { presentIssue, presentIssueComment } from "../present/issue.ts";
import type { Json } from "../present/links.ts";
import { presentPull } from "../present/pull.ts";
import { presentRepository } from "../present/repository.ts";
import { presentReview } from "../present/review.ts";
import { presentUser } from "../present/user.ts";
import { repositoryById } from "../state/lookups.ts";
import type {
  HookRecord,
  IssueCommentRecord,
  IssueRecord,
  PullRequestRecord,
  RepositoryRecord,
  ReviewRecord,
  UserRecord,
} from "../state/model.ts";

/** Sends `pull_request` with an action such as `opened`; `extra` is what that action alone carries. */
export async function announcePull(
  world: World,
  issue: PullRequestRecord,
  action: string,
  sender: UserRecord,
  extra: Json = {},
): Promise<void> {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  const subject = { action, number: issue.number, pull_request: await presentPull(world, issue), ...extra };
  await emit(world, repository, "pull_request", action, sender, subject);
}

/** Sends `issues` with an action such as `opened`. */
export async function announceIssue(
  world: World,
  issue: IssueRecord,
  action: string,
  sender: UserRecord,
): Promise<void> {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  await emit(world, repository, "issues", action, sender, { action, issue: presentIssue(world, issue) });
}

/** Sends `issue_comment`: `created`, `edited` or `deleted`. */
export async function announceComment(
  world: World,
  issue: IssueRecord,
  comment: IssueCommentRecord,
  action: string,
  sender: UserRecord,
  extra: Json = {},
): Promise<void> {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  await emit(world, repository, "issue_comment", action, sender, {
    action,
    issue: presentIssue(world, issue),
    comment: presentIssueComment(world, issue, comment),
    ...extra,
  });
}

/** Sends `pull_request_review`: `submitted`, `edited`, `dismissed`. */
export async function announceReview(
  world: World,
  issue: PullRequestRecord,
  review: ReviewRecord,
  action: string,
  sender: UserRecord,
): Promise<void> {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  const shown = presentReview(world, issue, review);
  await emit(world, repository, "pull_request_review", action, sender, {
    action,
    // Webhooks write a review's state in small letters, REST in capitals.
    review: { ...shown, state: review.state.toLowerCase() },
    pull_request: await presentPull(world, issue),
  });
}

/** Sends `push` for one ref. */
export async function announcePush(
  world: World,
  repository: RepositoryRecord,
  sender: UserRecord,
  push: Json,
): Promise<void> {
  await emit(world, repository, "push", null, sender, push);
}

/** Sends `ping` to one hook, as GitHub does when it is created. */
export async function announcePing(
  world: World,
  hook: HookRecord,
  sender: UserRecord,
  shown: Json,
): Promise<void> {
  const repository = repositoryById(world.store.state, hook.repositoryId);
  world.webhooks.emitTo(hook, {
    name: "ping",
    action: null,
    payload: {
      zen: "Design for failure.",
      hook_id: hook.id,
      hook: shown,
      repository: await presentRepository(world, repository),
      sender: presentUser(world, sender),
    },
  });
}

async function emit(
  world: World,
  repository: RepositoryRecord,
  name: string,
  action: string | null,
  sender: UserRecord,
  subject: Json,
): Promise<void> {
  const payload = {
    ...subject,
    repository: await presentRepository(world, repository),
    sender: presentUser(world, sender),
  };
  world.webhooks.emit(repository, { name, action, payload });
}

import { type World, gitDir } from "../world.ts";
import { diffOfPull } from "../diff/pull-diff.ts";
import { shasBetween } from "../git/history.ts";
import { associationOf, postedComments, repositoryById, userById } from "../state/lookups.ts";
import type { PullRequestRecord, RepositoryRecord } from "../state/model.ts";
import { type Json, apiUrl, nodeId, pageUrl } from "./links.ts";
import { presentRepository } from "./repository.ts";
import { presentUser } from "./user.ts";

/** GitHub's `pull-request-simple`, as lists give it. */
export async function presentPullSimple(world: World, issue: PullRequestRecord): Promise<Json> {
  const { state } = world.store;
  const repository = repositoryById(state, issue.repositoryId);
  const { pull } = issue;
  const url = `${apiUrl(world, repository)}/pulls/${issue.number}`;
  const page = `${pageUrl(world, repository)}/pull/${issue.number}`;
  const issueUrl = `${apiUrl(world, repository)}/issues/${issue.number}`;
  const links = {
    commits: `${url}/commits`,
    review_comments: `${url}/comments`,
    review_comment: `${apiUrl(world, repository)}/pulls/comments{/number}`,
    comments: `${issueUrl}/comments`,
    statuses: `${apiUrl(world, repository)}/statuses/${pull.headSha}`,
  };
  return {
    url,
    id: pull.id,
    node_id: nodeId("PullRequest", pull.id),
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: issueUrl,
    number: issue.number,
    state: issue.state,
    locked: issue.locked,
    title: issue.title,
    user: presentUser(world, userById(state, issue.authorId)),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    merged_at: pull.mergedAt,
    merge_commit_sha: pull.mergeCommitSha,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    head: await presentEnd(world, repositoryById(state, pull.headRepositoryId), pull.headRef, pull.headSha),
    base: await presentEnd(world, repository, pull.baseRef, pull.baseSha),
    _links: {
      self: { href: url },
      html: { href: page },
      issue: { href: issueUrl },
      ...Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    },
    author_association: associationOf(repository, issue.authorId),
    auto_merge: null,
    active_lock_reason: null,
  };
}

/** GitHub's `pull-request`, with everything that has to be counted. */
export async function presentPull(world: World, issue: PullRequestRecord): Promise<Json> {
  const { state } = world.store;
  const { pull } = issue;
  const dir = gitDir(world, repositoryById(state, issue.repositoryId));
  const [simple, diff, commits] = await Promise.all([
    presentPullSimple(world, issue),
    diffOfPull(world, issue),
    shasBetween(dir, pull.baseSha, pull.headSha),
  ]);
  const merged = pull.mergedAt !== null;
  const open = issue.state === "open";
  return {
    ...simple,
    merged,
    mergeable: open ? true : null,
    rebaseable: open ? true : null,
    mergeable_state: open ? (pull.draft ? "draft" : "clean") : "unknown",
    merged_by: pull.mergedById === null ? null : presentUser(world, userById(state, pull.mergedById)),
    comments: state.issueComments.filter((comment) => comment.issueId === issue.id).length,
    review_comments: postedComments(state, issue).length,
    maintainer_can_modify: false,
    commits: commits.length,
    additions: diff.additions,
    deletions: diff.deletions,
    changed_files: diff.files.length,
  };
}

async function presentEnd(
  world: World,
  repository: RepositoryRecord,
  ref: string,
  sha: string,
): Promise<Json> {
  const owner = userById(world.store.state, repository.ownerId);
  return {
    label: `${owner.login}:${ref}`,
    ref,
    sha,
    user: presentUser(world, owner),
    repo: await presentRepository(world, repository),
  };
}

import type { World } from "../world.ts";
import { associationOf, repositoryById, userById } from "../state/lookups.ts";
import type { IssueCommentRecord, IssueRecord } from "../state/model.ts";
import { type Json, apiUrl, nodeId, pageUrl } from "./links.ts";
import { presentUser } from "./user.ts";

/** GitHub's `issue`. A pull request is one too, told apart by its `pull_request`. */
export function presentIssue(world: World, issue: IssueRecord): Json {
  const { state } = world.store;
  const repository = repositoryById(state, issue.repositoryId);
  const url = `${apiUrl(world, repository)}/issues/${issue.number}`;
  const page = `${pageUrl(world, repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  const pullUrl = `${apiUrl(world, repository)}/pulls/${issue.number}`;
  const pull = issue.pull && {
    pull_request: {
      url: pullUrl,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: issue.pull.mergedAt,
    },
    draft: issue.pull.draft,
  };
  return {
    url,
    repository_url: apiUrl(world, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: page,
    id: issue.id,
    node_id: nodeId("Issue", issue.id),
    number: issue.number,
    title: issue.title,
    user: presentUser(world, userById(state, issue.authorId)),
    labels: [],
    state: issue.state,
    locked: issue.locked,
    assignee: null,
    assignees: [],
    milestone: null,
    comments: state.issueComments.filter((comment) => comment.issueId === issue.id).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: associationOf(repository, issue.authorId),
    active_lock_reason: null,
    body: issue.body,
    closed_by: null,
    state_reason: issue.state === "closed" ? "completed" : null,
    ...pull,
  };
}

/** GitHub's `issue-comment`. */
export function presentIssueComment(world: World, issue: IssueRecord, comment: IssueCommentRecord): Json {
  const repository = repositoryById(world.store.state, issue.repositoryId);
  const page = `${pageUrl(world, repository)}/${issue.pull ? "pull" : "issues"}/${issue.number}`;
  return {
    url: `${apiUrl(world, repository)}/issues/comments/${comment.id}`,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${apiUrl(world, repository)}/issues/${issue.number}`,
    id: comment.id,
    node_id: nodeId("IssueComment", comment.id),
    user: presentUser(world, userById(world.store.state, comment.authorId)),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: associationOf(repository, comment.authorId),
    body: comment.body,
    performed_via_github_app: null,
  };
}

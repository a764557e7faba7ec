import { type World, timestamp } from "../world.ts";
import { isTooLong, tooLong, validationFailed } from "../problem.ts";
import type { IssueCommentRecord, IssueRecord, RepositoryRecord, UserRecord } from "../state/model.ts";
import { announceComment, announceIssue } from "../webhooks/announce.ts";
import { requireUnlocked } from "./review.ts";

/** Opens an issue and sends `issues`. */
export async function openIssue(
  world: World,
  repository: RepositoryRecord,
  author: UserRecord,
  content: { title: string; body: string | null },
): Promise<IssueRecord> {
  requireBody("Issue", content.body ?? "");
  const at = timestamp(world);
  const issue: IssueRecord = {
    id: world.store.nextId(),
    repositoryId: repository.id,
    number: repository.nextNumber++,
    ...content,
    authorId: author.id,
    state: "open",
    locked: false,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    pull: null,
  };
  world.store.state.issues.push(issue);
  world.store.save();
  await announceIssue(world, issue, "opened", author);
  return issue;
}

/** Comments on an issue or in a pull request's conversation, and sends `issue_comment`. */
export async function addComment(
  world: World,
  issue: IssueRecord,
  author: UserRecord,
  body: string,
): Promise<IssueCommentRecord> {
  requireUnlocked(issue);
  requireBody("IssueComment", body);
  if (body.trim() === "") {
    throw validationFailed({
      resource: "IssueComment",
      code: "unprocessable",
      field: "data",
      message: "Body cannot be blank",
    });
  }
  const at = timestamp(world);
  const comment: IssueCommentRecord = {
    id: world.store.nextId(),
    issueId: issue.id,
    authorId: author.id,
    body,
    createdAt: at,
    updatedAt: at,
  };
  world.store.state.issueComments.push(comment);
  issue.updatedAt = at;
  world.store.save();
  await announceComment(world, issue, comment, "created", author);
  return comment;
}

/** Changes a comment's text and sends `issue_comment` with what it said before. */
export async function editComment(
  world: World,
  issue: IssueRecord,
  comment: IssueCommentRecord,
  editor: UserRecord,
  body: string,
): Promise<void> {
  requireBody("IssueComment", body);
  const from = comment.body;
  comment.body = body;
  comment.updatedAt = timestamp(world);
  world.store.save();
  await announceComment(world, issue, comment, "edited", editor, { changes: { body: { from } } });
}

export async function deleteComment(
  world: World,
  issue: IssueRecord,
  comment: IssueCommentRecord,
  by: UserRecord,
): Promise<void> {
  const { state } = world.store;
  state.issueComments = state.issueComments.filter((other) => other !== comment);
  world.store.save();
  await announceComment(world, issue, comment, "deleted", by);
}

function requireBody(resource: string, body: string): void {
  if (!isTooLong(body)) return;
  throw validationFailed({ resource, code: "unprocessable", field: "data", message: tooLong });
}

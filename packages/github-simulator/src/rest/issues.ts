import { z } from "zod";
import { addComment, deleteComment, editComment, openIssue } from "../actions/issues.ts";
import { closePull } from "../actions/push.ts";
import { presentIssue, presentIssueComment } from "../present/issue.ts";
import { forbidden, notFound } from "../problem.ts";
import { isPullRequest, mayWrite } from "../state/lookups.ts";
import type { IssueCommentRecord, IssueRecord } from "../state/model.ts";
import { announceIssue } from "../webhooks/announce.ts";
import { timestamp } from "../world.ts";
import {
  type Answer,
  type Call,
  type Route,
  type Target,
  created,
  noContent,
  numberParam,
  ok,
  requireBody,
  requireIssue,
  requireTarget,
  requireViewer,
  requireWriteScope,
  requireWriter,
} from "./call.ts";
import { pageOf } from "./pages.ts";

/** Issues, and the conversation of issues and pull requests alike. */
export const issueRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/issues", listIssues],
  ["post", "/repos/:owner/:repo/issues", postIssue],
  ["get", "/repos/:owner/:repo/issues/comments/:comment", getComment],
  ["patch", "/repos/:owner/:repo/issues/comments/:comment", patchComment],
  ["delete", "/repos/:owner/:repo/issues/comments/:comment", removeComment],
  ["get", "/repos/:owner/:repo/issues/:number", getIssue],
  ["patch", "/repos/:owner/:repo/issues/:number", patchIssue],
  ["put", "/repos/:owner/:repo/issues/:number/lock", putLock],
  ["delete", "/repos/:owner/:repo/issues/:number/lock", deleteLock],
  ["get", "/repos/:owner/:repo/issues/:number/comments", listComments],
  ["post", "/repos/:owner/:repo/issues/:number/comments", postComment],
];

function listIssues(call: Call): Answer {
  const { repository } = requireTarget(call);
  const state = call.query.get("state") ?? "open";
  const since = call.query.get("since");
  const sort = call.query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  const sign = call.query.get("direction") === "asc" ? 1 : -1;
  const found = call.world.store.state.issues
    .filter((issue) => issue.repositoryId === repository.id)
    .filter((issue) => state === "all" || issue.state === state)
    .filter((issue) => since === null || Date.parse(issue.updatedAt) >= Date.parse(since))
    .sort((a, b) => sign * (Date.parse(a[sort]) - Date.parse(b[sort]) || a.number - b.number));
  const { items, headers } = pageOf(call, found);
  return ok(
    items.map((issue) => presentIssue(call.world, issue)),
    headers,
  );
}

const newIssue = z.object({
  title: z.union([z.string().min(1), z.number().transform(String)]),
  body: z.string().nullish(),
});

async function postIssue(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const { title, body } = requireBody(call, newIssue);
  const issue = await openIssue(call.world, target.repository, user, { title, body: body ?? null });
  return created(presentIssue(call.world, issue));
}

function getIssue(call: Call): Answer {
  return ok(presentIssue(call.world, requireIssue(call, requireTarget(call), "number")));
}

const issueChange = z.object({
  title: z.string().min(1).optional(),
  body: z.string().nullable().optional(),
  state: z.enum(["open", "closed"]).optional(),
});

async function patchIssue(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const issue = requireIssue(call, target, "number");
  if (!mayWrite(target.permission) && issue.authorId !== user.id) throw notFound();
  const { title, body, state } = requireBody(call, issueChange);
  Object.assign(issue, {
    title: title ?? issue.title,
    body: body === undefined ? issue.body : body,
    updatedAt: timestamp(call.world),
  });
  if (state === "closed" && issue.state === "open" && isPullRequest(issue)) {
    await closePull(call.world, issue, user);
  } else if (state !== undefined && state !== issue.state) {
    Object.assign(issue, { state, closedAt: state === "closed" ? issue.updatedAt : null });
    await announceIssue(call.world, issue, state === "closed" ? "closed" : "reopened", user);
  }
  call.world.store.save();
  return ok(presentIssue(call.world, issue));
}

function putLock(call: Call): Answer {
  return setLock(call, true);
}

function deleteLock(call: Call): Answer {
  return setLock(call, false);
}

function setLock(call: Call, locked: boolean): Answer {
  const target = requireTarget(call);
  requireWriter(call, target);
  requireIssue(call, target, "number").locked = locked;
  call.world.store.save();
  return noContent;
}

function listComments(call: Call): Answer {
  const issue = requireIssue(call, requireTarget(call), "number");
  const since = call.query.get("since");
  const found = call.world.store.state.issueComments
    .filter((comment) => comment.issueId === issue.id)
    .filter((comment) => since === null || Date.parse(comment.updatedAt) >= Date.parse(since));
  const { items, headers } = pageOf(call, found);
  return ok(
    items.map((comment) => presentIssueComment(call.world, issue, comment)),
    headers,
  );
}

const commentBody = z.object({ body: z.string() });

async function postComment(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const issue = requireIssue(call, target, "number");
  const comment = await addComment(call.world, issue, user, requireBody(call, commentBody).body);
  return created(presentIssueComment(call.world, issue, comment));
}

interface Found {
  readonly target: Target;
  readonly issue: IssueRecord;
  readonly comment: IssueCommentRecord;
}

function findComment(call: Call): Found {
  const target = requireTarget(call);
  const { state } = call.world.store;
  const wanted = numberParam(call, "comment");
  const comment = state.issueComments.find((candidate) => candidate.id === wanted);
  const issue = state.issues.find((candidate) => candidate.id === comment?.issueId);
  if (!comment || issue?.repositoryId !== target.repository.id) throw notFound();
  return { target, issue, comment };
}

/** A comment that the viewer wrote, or may edit because they may push. */
function findEditable(call: Call): Found {
  const found = findComment(call);
  const { user } = requireWriteScope(call, found.target);
  if (found.comment.authorId !== user.id && !mayWrite(found.target.permission)) {
    throw forbidden("Must have admin rights to Repository.");
  }
  return found;
}

function getComment(call: Call): Answer {
  const { issue, comment } = findComment(call);
  return ok(presentIssueComment(call.world, issue, comment));
}

async function patchComment(call: Call): Promise<Answer> {
  const { issue, comment } = findEditable(call);
  const { body } = requireBody(call, commentBody);
  await editComment(call.world, issue, comment, requireViewer(call).user, body);
  return ok(presentIssueComment(call.world, issue, comment));
}

async function removeComment(call: Call): Promise<Answer> {
  const { issue, comment } = findEditable(call);
  await deleteComment(call.world, issue, comment, requireViewer(call).user);
  return noContent;
}

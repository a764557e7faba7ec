import { z } from "zod";
import { presentReviewComment } from "../present/review.ts";
import { notFound } from "../problem.ts";
import { isPullRequest, postedComments } from "../state/lookups.ts";
import type { PullRequestRecord, ReviewCommentRecord } from "../state/model.ts";
import { timestamp } from "../world.ts";
import {
  type Call,
  type Route,
  noContent,
  numberParam,
  ok,
  requireBody,
  requirePull,
  requireTarget,
  requireViewer,
} from "./call.ts";
import { pageOf } from "./pages.ts";
import { requireText } from "./post-review-comment.ts";

/** Inline and file-level comments, one by one: list, read, change, delete. */
export const reviewCommentRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/pulls/:number/comments", listComments],
  ["get", "/repos/:owner/:repo/pulls/comments/:comment", getComment],
  ["patch", "/repos/:owner/:repo/pulls/comments/:comment", patchComment],
  ["delete", "/repos/:owner/:repo/pulls/comments/:comment", deleteComment],
];

async function listComments(call: Call) {
  const issue = requirePull(call, requireTarget(call));
  const newestFirst = (call.query.get("direction") ?? "asc") === "desc" && call.query.has("sort");
  const all = postedComments(call.world.store.state, issue);
  const { items, headers } = pageOf(call, newestFirst ? all.reverse() : all);
  return ok(await Promise.all(items.map((item) => presentReviewComment(call.world, issue, item))), headers);
}

function findComment(call: Call): { issue: PullRequestRecord; comment: ReviewCommentRecord } {
  const { repository } = requireTarget(call);
  const { state } = call.world.store;
  const comment = state.reviewComments.find((candidate) => candidate.id === numberParam(call, "comment"));
  const issue = state.issues.find((candidate) => candidate.id === comment?.issueId);
  if (!comment || !issue || !isPullRequest(issue) || issue.repositoryId !== repository.id) throw notFound();
  return { issue, comment };
}

/** A comment that the viewer wrote. */
function findOwnComment(call: Call) {
  const { user } = requireViewer(call);
  const found = findComment(call);
  if (found.comment.authorId !== user.id) throw notFound();
  return found;
}

async function getComment(call: Call) {
  const { issue, comment } = findComment(call);
  return ok(await presentReviewComment(call.world, issue, comment));
}

async function patchComment(call: Call) {
  const { issue, comment } = findOwnComment(call);
  const { body } = requireBody(call, z.object({ body: z.string() }));
  requireText(body);
  Object.assign(comment, { body, updatedAt: timestamp(call.world) });
  call.world.store.save();
  return ok(await presentReviewComment(call.world, issue, comment));
}

function deleteComment(call: Call) {
  const { comment } = findOwnComment(call);
  const { state } = call.world.store;
  state.reviewComments = state.reviewComments.filter((other) => other !== comment);
  call.world.store.save();
  return noContent;
}

import { z } from "zod";
import { type PlaceFault, isRefused, judgePlace } from "../actions/comment-place.ts";
import {
  type CommentContent,
  insertComment,
  insertReview,
  requireCommit,
  requireNonePending,
  requireUnlocked,
  submitReview,
} from "../actions/review.ts";
import { diffOfPull } from "../diff/pull-diff.ts";
import { presentReviewComment } from "../present/review.ts";
import { GitHubProblem, isTooLong, notFound, tooLong, validationFailed } from "../problem.ts";
import { postedComments } from "../state/lookups.ts";
import { type PullRequestRecord, sideSchema } from "../state/model.ts";
import {
  type Answer,
  type Call,
  type Route,
  type Viewer,
  created,
  numberParam,
  requireBody,
  requirePull,
  requireTarget,
  requireWriteScope,
} from "./call.ts";

/** New inline and file-level comments outside of a review, and replies. */
export const postReviewCommentRoutes: readonly Route[] = [
  ["post", "/repos/:owner/:repo/pulls/:number/comments", postComment],
  ["post", "/repos/:owner/:repo/pulls/:number/comments/:comment/replies", postReply],
];

const newComment = z.object({
  body: z.string(),
  commit_id: z.string().optional(),
  path: z.string().optional(),
  position: z.int().optional(),
  side: sideSchema.optional(),
  line: z.int().optional(),
  start_line: z.int().nullish(),
  start_side: z.enum(["LEFT", "RIGHT", "side"]).nullish(),
  in_reply_to: z.int().optional(),
  subject_type: z.enum(["line", "file"]).optional(),
});

async function postComment(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const viewer = requireWriteScope(call, target);
  const issue = requirePull(call, target);
  const asked = requireBody(call, newComment);
  requireUnlocked(issue);
  requireText(asked.body);
  if (asked.in_reply_to !== undefined) return reply(call, issue, viewer, asked.in_reply_to, asked.body);
  if (asked.commit_id === undefined || asked.path === undefined) {
    throw missing(asked.path === undefined ? "path" : "commit_id");
  }
  const commitId = await requireCommit(call.world, issue, asked.commit_id);
  const place = await placeOf(call, issue, commitId, { ...asked, path: asked.path });
  const content = { body: asked.body, path: asked.path, inReplyTo: null, ...place };
  return created(
    await presentReviewComment(call.world, issue, await post(call, issue, viewer, commitId, content)),
  );
}

/** A single comment is a submitted review of its own, without a body. */
async function post(
  call: Call,
  issue: PullRequestRecord,
  viewer: Viewer,
  commitId: string,
  content: CommentContent,
) {
  requireNonePending(call.world, issue, viewer.user);
  const review = insertReview(call.world, issue, viewer.user, { body: "", commitId });
  const comment = insertComment(call.world, issue, review, content);
  await submitReview(call.world, issue, review, "COMMENT");
  return comment;
}

async function placeOf(
  call: Call,
  issue: PullRequestRecord,
  commitId: string,
  asked: z.output<typeof newComment> & { path: string },
): Promise<Omit<CommentContent, "body" | "path" | "inReplyTo">> {
  const diff = await diffOfPull(call.world, issue, commitId);
  if (asked.subject_type === "file") {
    if (!diff.files.some((file) => file.path === asked.path)) throw misplaced(["path"]);
    return {
      subjectType: "file",
      line: null,
      side: "RIGHT",
      startLine: null,
      startSide: null,
      position: null,
      diffHunk: "",
    };
  }
  const startSide = asked.start_side === "side" ? asked.side : asked.start_side;
  const place = judgePlace(diff, {
    path: asked.path,
    line: asked.line,
    side: asked.side,
    position: asked.position,
    startLine: asked.start_line ?? undefined,
    startSide: startSide ?? undefined,
  });
  if (isRefused(place)) throw misplaced(place);
  return { subjectType: "line", ...place };
}

const faultFields: Readonly<Record<PlaceFault, { field: string; message?: string }>> = {
  path: { field: "pull_request_review_thread.path", message: "pull_request_review_thread.path is invalid" },
  line: {
    field: "pull_request_review_thread.line",
    message: "pull_request_review_thread.line must be part of the diff",
  },
  "start-hunk": {
    field: "pull_request_review_thread.start_line",
    message: "pull_request_review_thread.start_line must be part of the same hunk as the line.",
  },
  "start-order": {
    field: "pull_request_review_thread.start_line",
    message: "pull_request_review_thread.start_line must precede the end line.",
  },
  hunk: { field: "pull_request_review_thread.diff_hunk" },
};

function misplaced(faults: readonly PlaceFault[]): GitHubProblem {
  const details = faults.map((fault) => {
    const { field, message } = faultFields[fault];
    const resource = "PullRequestReviewComment";
    return message
      ? { resource, code: "custom", field, message }
      : { resource, code: "missing_field", field };
  });
  return new GitHubProblem(422, "Validation Failed", details);
}

function missing(field: string): GitHubProblem {
  return validationFailed({ resource: "PullRequestReviewComment", code: "missing_field", field });
}

/** Throws 422 for a comment without words or with too many. */
export function requireText(body: string): void {
  if (body.trim() === "") throw missing("body");
  if (isTooLong(body)) {
    throw validationFailed({
      resource: "PullRequestReviewComment",
      code: "custom",
      field: "body",
      message: tooLong,
    });
  }
}

async function postReply(call: Call): Promise<Answer> {
  const target = requireTarget(call);
  const viewer = requireWriteScope(call, target);
  const issue = requirePull(call, target);
  const { body } = requireBody(call, z.object({ body: z.string() }));
  requireUnlocked(issue);
  requireText(body);
  return reply(call, issue, viewer, numberParam(call, "comment"), body);
}

async function reply(
  call: Call,
  issue: PullRequestRecord,
  viewer: Viewer,
  id: number,
  body: string,
): Promise<Answer> {
  const parent = postedComments(call.world.store.state, issue).find((comment) => comment.id === id);
  if (!parent) throw notFound();
  const content = { ...parent, body, inReplyTo: parent.inReplyTo ?? parent.id };
  return created(
    await presentReviewComment(call.world, issue, await post(call, issue, viewer, parent.commitId, content)),
  );
}

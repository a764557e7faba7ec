import { z } from "zod";
import { createReview, mostComments, requireEvent, submitReview } from "../actions/review.ts";
import { presentReview, presentReviewComment } from "../present/review.ts";
import { GitHubProblem, isTooLong, notFound, tooLong, unprocessable } from "../problem.ts";
import { sideSchema, type PullRequestRecord, type ReviewRecord } from "../state/model.ts";
import { announceReview } from "../webhooks/announce.ts";
import {
  type Call,
  type Route,
  numberParam,
  ok,
  requireBody,
  requirePull,
  requireTarget,
  requireViewer,
  requireWriter,
  requireWriteScope,
} from "./call.ts";
import { pageOf } from "./pages.ts";

/** Reviews of a pull request: list, create, read, change, submit, dismiss, delete. */
export const reviewRoutes: readonly Route[] = [
  ["get", "/repos/:owner/:repo/pulls/:number/reviews", listReviews],
  ["post", "/repos/:owner/:repo/pulls/:number/reviews", postReview],
  ["get", "/repos/:owner/:repo/pulls/:number/reviews/:review", getReview],
  ["put", "/repos/:owner/:repo/pulls/:number/reviews/:review", putReview],
  ["delete", "/repos/:owner/:repo/pulls/:number/reviews/:review", deleteReview],
  ["post", "/repos/:owner/:repo/pulls/:number/reviews/:review/events", postEvent],
  ["put", "/repos/:owner/:repo/pulls/:number/reviews/:review/dismissals", dismissReview],
  ["get", "/repos/:owner/:repo/pulls/:number/reviews/:review/comments", listCommentsOfReview],
];

function listReviews(call: Call) {
  const issue = requirePull(call, requireTarget(call));
  const visible = call.world.store.state.reviews.filter(
    (review) => review.issueId === issue.id && isVisible(call, review),
  );
  const { items, headers } = pageOf(call, visible);
  return ok(
    items.map((review) => presentReview(call.world, issue, review)),
    headers,
  );
}

/** A pending review is seen by its author alone. */
function isVisible(call: Call, review: ReviewRecord): boolean {
  return review.state !== "PENDING" || review.authorId === call.viewer?.user.id;
}

const event = z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]);

const newReview = z
  .object({
    commit_id: z.string().nullish(),
    body: z.string().nullish(),
    event: event.nullish(),
    comments: z
      .array(
        z.object({
          path: z.string(),
          body: z.string(),
          line: z.int().nullish(),
          side: sideSchema.nullish(),
          start_line: z.int().nullish(),
          start_side: sideSchema.nullish(),
          position: z.int().nullish(),
        }),
      )
      .nullish(),
  })
  .transform(({ commit_id, body, event: asked, comments }) => ({
    commitId: commit_id ?? undefined,
    body: body ?? "",
    event: asked ?? undefined,
    comments: (comments ?? []).map((comment) => ({
      path: comment.path,
      body: comment.body,
      line: comment.line ?? undefined,
      side: comment.side ?? undefined,
      startLine: comment.start_line ?? undefined,
      startSide: comment.start_side ?? undefined,
      position: comment.position ?? undefined,
    })),
  }));

async function postReview(call: Call) {
  const target = requireTarget(call);
  const { user } = requireWriteScope(call, target);
  const issue = requirePull(call, target);
  const request = requireBody(call, newReview);
  const review = await createReview(call.world, issue, user, request);
  if (request.comments.length > mostComments) throw new GitHubProblem(502, "Server Error");
  return ok(presentReview(call.world, issue, review));
}

interface Found {
  readonly issue: PullRequestRecord;
  readonly review: ReviewRecord;
}

function findReview(call: Call): Found {
  const issue = requirePull(call, requireTarget(call));
  const wanted = numberParam(call, "review");
  const review = call.world.store.state.reviews.find(
    (candidate) => candidate.issueId === issue.id && candidate.id === wanted,
  );
  if (!review || !isVisible(call, review)) throw notFound();
  return { issue, review };
}

/** A review that the viewer wrote. */
function findOwnReview(call: Call): Found {
  const { user } = requireViewer(call);
  const found = findReview(call);
  if (found.review.authorId !== user.id) throw notFound();
  return found;
}

function getReview(call: Call) {
  const { issue, review } = findReview(call);
  return ok(presentReview(call.world, issue, review));
}

async function putReview(call: Call) {
  const { issue, review } = findOwnReview(call);
  const { body } = requireBody(call, z.object({ body: z.string() }));
  if (isTooLong(body)) throw unprocessable(tooLong);
  review.body = body;
  call.world.store.save();
  if (review.state !== "PENDING") {
    await announceReview(call.world, issue, review, "edited", requireViewer(call).user);
  }
  return ok(presentReview(call.world, issue, review));
}

function deleteReview(call: Call) {
  const { issue, review } = findOwnReview(call);
  if (review.state !== "PENDING") throw unprocessable("Can not delete a non-pending pull request review");
  const { state } = call.world.store;
  state.reviews = state.reviews.filter((other) => other !== review);
  state.reviewComments = state.reviewComments.filter((comment) => comment.reviewId !== review.id);
  call.world.store.save();
  return ok(presentReview(call.world, issue, review));
}

async function postEvent(call: Call) {
  const { issue, review } = findOwnReview(call);
  const asked = requireBody(call, z.object({ event, body: z.string().nullish() }));
  if (review.state !== "PENDING") throw unprocessable("Could not submit pull request review.");
  const comments = call.world.store.state.reviewComments.filter((comment) => comment.reviewId === review.id);
  const body = asked.body ?? review.body;
  requireEvent(issue, requireViewer(call).user, { event: asked.event, body, comments });
  review.body = body;
  await submitReview(call.world, issue, review, asked.event);
  return ok(presentReview(call.world, issue, review));
}

/** Anybody with write access may dismiss anybody's verdict. */
async function dismissReview(call: Call) {
  const { user } = requireWriter(call, requireTarget(call));
  const { issue, review } = findReview(call);
  requireBody(call, z.object({ message: z.string().min(1), event: z.literal("DISMISS").optional() }));
  if (review.state !== "APPROVED" && review.state !== "CHANGES_REQUESTED") {
    const state = review.state.toLowerCase();
    throw new GitHubProblem(422, "Validation Failed", [`Can not dismiss a ${state} pull request review`]);
  }
  review.state = "DISMISSED";
  call.world.store.save();
  await announceReview(call.world, issue, review, "dismissed", user);
  return ok(presentReview(call.world, issue, review));
}

async function listCommentsOfReview(call: Call) {
  const { issue, review } = findReview(call);
  const own = call.world.store.state.reviewComments.filter((comment) => comment.reviewId === review.id);
  const { items, headers } = pageOf(call, own);
  return ok(await Promise.all(items.map((item) => presentReviewComment(call.world, issue, item))), headers);
}

import { type World, gitDir, timestamp } from "../world.ts";
import { diffOfPull } from "../diff/pull-diff.ts";
import type { Diff } from "../git/diff.ts";
import { shasBetween } from "../git/history.ts";
import { forbidden, isTooLong, tooLong, unprocessable, validationFailed } from "../problem.ts";
import { repositoryById, userById } from "../state/lookups.ts";
import type {
  IssueRecord,
  PullRequestRecord,
  ReviewCommentRecord,
  ReviewRecord,
  ReviewState,
  UserRecord,
} from "../state/model.ts";
import { announceReview } from "../webhooks/announce.ts";
import { type AskedPlace, type GivenPlace, type PlaceFault, isRefused, judgePlace } from "./comment-place.ts";

type ReviewEvent = "APPROVE" | "REQUEST_CHANGES" | "COMMENT";

interface NewReview {
  readonly body: string;
  /** Absent: the review stays pending. */
  readonly event?: ReviewEvent | undefined;
  readonly commitId?: string | undefined;
  readonly comments: readonly NewComment[];
}

type NewComment = AskedPlace & { readonly body: string };
type PlacedComment = GivenPlace & Pick<NewComment, "body" | "path">;

const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

/** Beyond this many inline comments GitHub was seen to post the review and yet to answer 502. */
export const mostComments = 30;

/** Creates a review with all its comments, or nothing. Throws GitHubProblem where GitHub would refuse it. */
export async function createReview(
  world: World,
  issue: PullRequestRecord,
  author: UserRecord,
  request: NewReview,
): Promise<ReviewRecord> {
  requireUnlocked(issue);
  const commitId = await requireCommit(world, issue, request.commitId);
  const diff = await diffOfPull(world, issue, commitId);
  requireEvent(issue, author, request);
  const comments = requirePlaces(diff, request.comments);
  // From here on nothing waits, so that two requests at once cannot both become the one pending review.
  requireNonePending(world, issue, author);
  const review = insertReview(world, issue, author, { body: request.body, commitId });
  for (const comment of comments) {
    insertComment(world, issue, review, { ...comment, subjectType: "line", inReplyTo: null });
  }
  if (request.event) await submitReview(world, issue, review, request.event);
  else world.store.save();
  return review;
}

/** Submits a pending review and sends `pull_request_review`. */
export async function submitReview(
  world: World,
  issue: PullRequestRecord,
  review: ReviewRecord,
  event: ReviewEvent,
): Promise<void> {
  review.state = states[event] satisfies ReviewState;
  review.submittedAt = timestamp(world);
  issue.updatedAt = review.submittedAt;
  world.store.save();
  await announceReview(world, issue, review, "submitted", userById(world.store.state, review.authorId));
}

/** What GitHub asks of an event: not one's own pull request, and words where there are no comments. */
export function requireEvent(
  issue: PullRequestRecord,
  author: UserRecord,
  request: Pick<NewReview, "event" | "body"> & { readonly comments: readonly unknown[] },
): void {
  if (isTooLong(request.body)) throw unprocessable(tooLong);
  const own = issue.authorId === author.id;
  if (own && request.event === "APPROVE") throw unprocessable("Can not approve your own pull request");
  if (own && request.event === "REQUEST_CHANGES") {
    throw unprocessable("Can not request changes on your own pull request");
  }
  const wordless = request.body.trim() === "" && request.comments.length === 0;
  if (wordless && request.event && request.event !== "APPROVE") throw unprocessable("Body can't be blank");
}

/** Locked conversations take nothing more: here from nobody, at GitHub only from those without write access. */
export function requireUnlocked(issue: IssueRecord): void {
  if (issue.locked) throw forbidden("Unable to create comment because issue is locked.");
}

/** The full sha of a commit that belongs to the pull request; its head by default. */
export async function requireCommit(
  world: World,
  issue: PullRequestRecord,
  commitId: string | undefined,
): Promise<string> {
  const { headSha, baseSha } = issue.pull;
  if (commitId === undefined || commitId === headSha) return headSha;
  const dir = gitDir(world, repositoryById(world.store.state, issue.repositoryId));
  const own = await shasBetween(dir, baseSha, headSha);
  if (own.includes(commitId)) return commitId;
  const message = "commit_id is not part of the pull request";
  throw validationFailed({ resource: "PullRequestReview", code: "custom", field: "commit_id", message });
}

export function requireNonePending(world: World, issue: IssueRecord, author: UserRecord): void {
  const pending = world.store.state.reviews.some(
    (review) => review.issueId === issue.id && review.authorId === author.id && review.state === "PENDING",
  );
  if (pending) throw unprocessable("User can only have one pending review per pull request");
}

const faultTexts: Readonly<Record<PlaceFault, string>> = {
  path: "Pull request review thread path is invalid",
  line: "Pull request review thread line must be part of the diff",
  "start-hunk": "Pull request review thread start line must be part of the same hunk as the line.",
  "start-order": "Pull request review thread start line must precede the end line.",
  hunk: "Pull request review thread diff hunk can't be blank",
};

/** The comments with their places, or the 422 in GitHub's words, which never name the comment at fault. */
function requirePlaces(diff: Diff, comments: readonly NewComment[]): PlacedComment[] {
  const judged = comments.map((comment) => ({ comment, place: judgePlace(diff, comment) }));
  const placed = judged.flatMap(({ comment, place }) => (isRefused(place) ? [] : [{ ...comment, ...place }]));
  const [first, ...others] = judged.map(({ place }) => place).filter(isRefused);
  const wordless = comments.some((comment) => comment.body.trim() === "" || isTooLong(comment.body));
  if (wordless || others.length > 0) {
    throw unprocessable("Review comments is invalid and Review threads is invalid");
  }
  if (first) throw unprocessable(sentence(first.map((fault) => faultTexts[fault])));
  return placed;
}

/** Joins texts as Rails' `to_sentence` does. */
function sentence(texts: readonly string[]): string {
  if (texts.length < 3) return texts.join(" and ");
  return `${texts.slice(0, -1).join(", ")}, and ${texts.at(-1)}`;
}

/** Adds a pending review to the state, without saving. */
export function insertReview(
  world: World,
  issue: PullRequestRecord,
  author: UserRecord,
  review: { body: string; commitId: string },
): ReviewRecord {
  const record: ReviewRecord = {
    id: world.store.nextId(),
    issueId: issue.id,
    authorId: author.id,
    ...review,
    state: "PENDING",
    submittedAt: null,
  };
  world.store.state.reviews.push(record);
  return record;
}

/** What a comment says, and where it stands at its creation. */
export type CommentContent = Omit<
  ReviewCommentRecord,
  "id" | "reviewId" | "issueId" | "authorId" | "commitId" | "createdAt" | "updatedAt"
>;

/** Adds an inline or file-level comment to a review, without saving. */
export function insertComment(
  world: World,
  issue: PullRequestRecord,
  review: ReviewRecord,
  content: CommentContent,
): ReviewCommentRecord {
  const at = timestamp(world);
  const { body, path, subjectType, line, side, startLine, startSide, position, diffHunk, inReplyTo } =
    content;
  const record: ReviewCommentRecord = {
    id: world.store.nextId(),
    reviewId: review.id,
    issueId: issue.id,
    authorId: review.authorId,
    commitId: review.commitId,
    body,
    path,
    subjectType,
    line,
    side,
    startLine,
    startSide,
    position,
    diffHunk,
    inReplyTo,
    createdAt: at,
    updatedAt: at,
  };
  world.store.state.reviewComments.push(record);
  return record;
}

import { parseHunks } from "../diff/parse-diff.ts";
import { fullNameOf, userById } from "../state/lookups.ts";
import type {
  PullRequestRecord,
  RepositoryRecord,
  ReviewCommentRecord,
  ReviewRecord,
} from "../state/model.ts";
import type { World } from "../world.ts";
import { commentCard } from "./comment-card.ts";
import { onLines } from "./comment-lines.ts";
import { diffRows, replacedLines } from "./diff-table.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { pullHeader } from "./pull-header.ts";
import { time } from "./time.ts";

/** A pull request as a conversation: what it says of itself, comments and reviews, in order of time. */
export async function conversationPage(
  world: World,
  repository: RepositoryRecord,
  issue: PullRequestRecord,
): Promise<string> {
  const { state } = world.store;
  const comments = state.issueComments
    .filter((comment) => comment.issueId === issue.id)
    .map((comment) => ({
      at: comment.createdAt,
      shown: commentCard(world, {
        authorId: comment.authorId,
        at: comment.createdAt,
        did: "commented",
        body: comment.body,
        anchor: `issuecomment-${comment.id}`,
        edited: comment.updatedAt !== comment.createdAt,
      }),
    }));
  const reviews = state.reviews
    .filter((review) => review.issueId === issue.id)
    .flatMap((review) =>
      review.submittedAt ? [{ at: review.submittedAt, shown: reviewEntry(world, review) }] : [],
    );
  const entries = [...comments, ...reviews].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const description = commentCard(world, {
    authorId: issue.authorId,
    at: issue.createdAt,
    did: "opened this",
    body: issue.body ?? "*No description.*",
  });
  const ending = issue.closedAt && html`<p class="muted">Closed ${time(issue.closedAt)}.</p>`;
  return layout(
    `${issue.title} · ${fullNameOf(state, repository)} #${issue.number}`,
    html`<main>
      ${await pullHeader(world, repository, issue, "conversation")}
      <div class="timeline">${description} ${entries.map((entry) => entry.shown)} ${ending}</div>
    </main>`,
  );
}

const did: Readonly<Record<ReviewRecord["state"], string>> = {
  APPROVED: "approved these changes",
  CHANGES_REQUESTED: "requested changes",
  COMMENTED: "reviewed",
  DISMISSED: "reviewed (dismissed)",
  PENDING: "started a review",
};

function reviewEntry(world: World, review: ReviewRecord): Html {
  const { login } = userById(world.store.state, review.authorId);
  const comments = world.store.state.reviewComments.filter((comment) => comment.reviewId === review.id);
  const at = review.submittedAt ?? "";
  const head =
    review.body.trim() === ""
      ? html`<p class="event" id="pullrequestreview-${review.id}">
          <img src="/_avatars/${login}.svg" alt="" width="20" height="20" />
          <strong>${login}</strong> ${did[review.state]} <span class="muted">${time(at)}</span>
        </p>`
      : commentCard(world, {
          authorId: review.authorId,
          at,
          did: did[review.state],
          body: review.body,
          anchor: `pullrequestreview-${review.id}`,
        });
  return html`<section class="review ${review.state.toLowerCase()}">
    ${head} ${comments.map((comment) => thread(world, comment))}
  </section>`;
}

/** How many lines above a comment are shown with it. */
const linesOfContext = 4;

function thread(world: World, comment: ReviewCommentRecord): Html {
  const lines = parseHunks(comment.diffHunk).flatMap((hunk) => hunk.lines);
  const span = comment.startLine === null || comment.line === null ? 0 : comment.line - comment.startLine;
  const shown = lines.slice(-Math.max(linesOfContext, span + 1));
  return html`<div class="thread">
    <p class="path"><code>${comment.path}</code></p>
    ${
      shown.length > 0 &&
      html`<table class="diff">
        ${diffRows(shown)}
      </table>`
    }
    ${commentCard(world, {
      authorId: comment.authorId,
      at: comment.createdAt,
      did: `commented ${onLines(comment, comment)}`,
      body: comment.body,
      anchor: `discussion_r${comment.id}`,
      replaced: replacedLines(lines, comment),
    })}
  </div>`;
}

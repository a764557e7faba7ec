import { diffOfPull } from "../diff/pull-diff.ts";
import { shasBetween } from "../git/history.ts";
import { fullNameOf, repositoryById, userById } from "../state/lookups.ts";
import type { IssueRecord, PullRequestRecord, RepositoryRecord } from "../state/model.ts";
import { type World, gitDir } from "../world.ts";
import { type Html, html } from "./html.ts";

/** Open, draft, merged or closed, in its colour. */
export function stateBadge(issue: IssueRecord): Html {
  const kind = issue.pull?.mergedAt
    ? "merged"
    : issue.state === "closed"
      ? "closed"
      : issue.pull?.draft
        ? "draft"
        : "open";
  return html`<span class="state ${kind}">${kind.charAt(0).toUpperCase()}${kind.slice(1)}</span>`;
}

/** A pull request's title, what it would merge, and the tabs between its two pages. */
export async function pullHeader(
  world: World,
  repository: RepositoryRecord,
  issue: PullRequestRecord,
  tab: "conversation" | "files",
): Promise<Html> {
  const { state } = world.store;
  const { pull } = issue;
  const fullName = fullNameOf(state, repository);
  const commits = await shasBetween(gitDir(world, repository), pull.baseSha, pull.headSha);
  const { files, additions, deletions } = await diffOfPull(world, issue);
  const head = repositoryById(state, pull.headRepositoryId);
  const owner = head === repository ? "" : `${userById(state, head.ownerId).login}:`;
  const address = `/${fullName}/pull/${issue.number}`;
  const link = (name: typeof tab, href: string, text: string, count: number) =>
    html`<a href="${href}" ${name === tab && html`aria-current="page"`}
      >${text} <span class="count">${count}</span></a
    >`;
  return html`<p class="crumbs"><a href="/${fullName}">${fullName}</a></p>
    <h1>${issue.title} <span class="muted">#${issue.number}</span></h1>
    <p>
      ${stateBadge(issue)}
      <strong>${userById(state, issue.authorId).login}</strong> wants to merge ${commits.length}
      commit${commits.length === 1 ? "" : "s"} into <code>${pull.baseRef}</code> from
      <code>${owner}${pull.headRef}</code>
      <span class="push counts"
        ><span class="plus">+${additions}</span> <span class="minus">−${deletions}</span></span
      >
    </p>
    <nav class="tabs" aria-label="Pull request">
      ${link("conversation", address, "Conversation", conversationCount(world, issue))}
      ${link("files", `${address}/files`, "Files changed", files.length)}
    </nav>`;
}

function conversationCount(world: World, issue: IssueRecord): number {
  const { issueComments, reviews } = world.store.state;
  const own = (record: { issueId: number }) => record.issueId === issue.id;
  return (
    issueComments.filter(own).length + reviews.filter((review) => own(review) && review.submittedAt).length
  );
}

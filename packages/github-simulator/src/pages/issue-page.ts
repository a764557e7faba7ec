import { fullNameOf, issueByNumber } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { commentCard } from "./comment-card.ts";
import { html } from "./html.ts";
import { layout } from "./layout.ts";
import { stateBadge } from "./pull-header.ts";

/** An issue and its conversation; undefined where there is none of this number. */
export function issuePage(world: World, repository: RepositoryRecord, number: number): string | undefined {
  const { state } = world.store;
  const issue = issueByNumber(state, repository, number);
  if (!issue) return undefined;
  const fullName = fullNameOf(state, repository);
  const said = [
    {
      authorId: issue.authorId,
      at: issue.createdAt,
      did: "opened this",
      body: issue.body ?? "*No description.*",
    },
    ...state.issueComments
      .filter((comment) => comment.issueId === issue.id)
      .map(({ authorId, createdAt, body }) => ({ authorId, at: createdAt, did: "commented", body })),
  ];
  return layout(
    `${issue.title} · ${fullName} #${number}`,
    html`<main>
      <p class="crumbs"><a href="/${fullName}">${fullName}</a></p>
      <h1>${issue.title} <span class="muted">#${number}</span></h1>
      <p>${stateBadge(issue)}</p>
      <div class="timeline">${said.map((content) => commentCard(world, content))}</div>
    </main>`,
  );
}

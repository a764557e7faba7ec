import { fullNameOf, isPullRequest } from "../state/lookups.ts";
import type { World } from "../world.ts";
import { html } from "./html.ts";
import { layout } from "./layout.ts";

/** Every repository, with what is open in it. */
export function homePage(world: World): string {
  const { state } = world.store;
  const rows = state.repositories.map((repository) => {
    const fullName = fullNameOf(state, repository);
    const open = state.issues.filter(
      (issue) => issue.repositoryId === repository.id && issue.state === "open" && isPullRequest(issue),
    );
    return html`<li>
      <a href="/${fullName}"><strong>${fullName}</strong></a>
      <span class="label">${repository.private ? "Private" : "Public"}</span>
      <span class="muted push">${open.length} open pull request${open.length === 1 ? "" : "s"}</span>
    </li>`;
  });
  const list =
    rows.length > 0
      ? html`<ul class="list">
          ${rows}
        </ul>`
      : html`<p class="muted">None yet.</p>`;
  return layout(
    "Repositories",
    html`<main>
      <h1>Repositories</h1>
      ${list}
    </main>`,
  );
}

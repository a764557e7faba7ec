import { listFolder, readBlob } from "../git/objects.ts";
import { branchTip, defaultBranch, listBranches } from "../git/refs.ts";
import { fullNameOf, isPullRequest, userById } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";
import { type World, gitDir } from "../world.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { renderMarkdown } from "./markdown.ts";
import { stateBadge } from "./pull-header.ts";
import { time } from "./time.ts";

/** A repository: its pull requests, its branches and its README. */
export async function repositoryPage(world: World, repository: RepositoryRecord): Promise<string> {
  const dir = gitDir(world, repository);
  const fullName = fullNameOf(world.store.state, repository);
  const base = await defaultBranch(dir);
  const branches = (await listBranches(dir)).map(
    ({ name, sha }) =>
      html`<li>
        <code>${name}</code> ${name === base && html`<span class="label">default</span>`}
        <code class="muted push">${sha.slice(0, 7)}</code>
      </li>`,
  );
  return layout(
    fullName,
    html`<main>
      <h1>${fullName} <span class="label">${repository.private ? "Private" : "Public"}</span></h1>
      <h2>Pull requests</h2>
      ${pullList(world, repository)}
      <h2>Branches</h2>
      <ul class="list">
        ${branches}
      </ul>
      ${await readme(dir, base)}
    </main>`,
  );
}

function pullList(world: World, repository: RepositoryRecord): Html {
  const { state } = world.store;
  const fullName = fullNameOf(state, repository);
  const pulls = state.issues.filter(isPullRequest).filter((issue) => issue.repositoryId === repository.id);
  if (pulls.length === 0) return html`<p class="muted">None yet.</p>`;
  const rows = pulls.toReversed().map(
    (issue) =>
      html`<li>
        ${stateBadge(issue)}
        <span>
          <a href="/${fullName}/pull/${issue.number}"><strong>${issue.title}</strong></a
          ><br />
          <span class="muted">
            #${issue.number} opened ${time(issue.createdAt)} by ${userById(state, issue.authorId).login}
          </span>
        </span>
      </li>`,
  );
  return html`<ul class="list">
    ${rows}
  </ul>`;
}

async function readme(dir: string, branch: string): Promise<Html | undefined> {
  const commit = await branchTip(dir, branch);
  const entries = commit ? await listFolder(dir, commit, "") : [];
  const file = entries.find((entry) => entry.type === "blob" && /^readme\.md$/i.test(entry.path));
  if (!file) return undefined;
  const text = (await readBlob(dir, file.sha)).toString("utf8");
  return html`<h2>${file.path}</h2>
    <article class="card markdown">${renderMarkdown(text)}</article>`;
}

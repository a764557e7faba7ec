import { readBlob, treeEntry } from "../git/objects.ts";
import { resolveCommit } from "../git/refs.ts";
import { fullNameOf } from "../state/lookups.ts";
import type { RepositoryRecord } from "../state/model.ts";
import { type World, gitDir } from "../world.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { lineLinks } from "./line-links.ts";

/**
 * A file as it is at a branch, tag or sha, its lines numbered, so that `#L12` and `#L12-L14` lead to them;
 * undefined where there is none.
 */
export async function filePage(
  world: World,
  repository: RepositoryRecord,
  ref: string,
  path: string,
): Promise<string | undefined> {
  // git fails on a path that leads out of the repository.
  if (path.split("/").some((segment) => ["", ".", ".."].includes(segment))) return undefined;
  const dir = gitDir(world, repository);
  const commit = await resolveCommit(dir, ref);
  const entry = commit && (await treeEntry(dir, commit, path));
  if (!entry || entry.type !== "blob") return undefined;
  const fullName = fullNameOf(world.store.state, repository);
  return layout(
    `${path} at ${ref} · ${fullName}`,
    html`<main class="wide">
      <p class="crumbs"><a href="/${fullName}">${fullName}</a></p>
      <h1>${path} <code class="muted">${ref === commit ? ref.slice(0, 7) : ref}</code></h1>
      <div class="file">${contents(await readBlob(dir, entry.sha))}</div>
      ${lineLinks}
    </main>`,
  );
}

function contents(bytes: Buffer): Html {
  if (bytes.includes(0)) return html`<p class="muted note">Binary file.</p>`;
  if (bytes.length === 0) return html`<p class="muted note">Empty file.</p>`;
  const lines = bytes.toString("utf8").replace(/\n$/, "").split(/\r?\n/);
  const rows = lines.map(
    (line, index) =>
      html`<tr id="L${index + 1}">
        <td class="number"><a href="#L${index + 1}">${index + 1}</a></td>
        <td class="code">${line}</td>
      </tr>`,
  );
  return html`<table class="diff lines">
    ${rows}
  </table>`;
}

import { type Place, currentPlace, numberOn } from "../diff/current-place.ts";
import type { DiffLine } from "../diff/parse-diff.ts";
import { diffOfPull } from "../diff/pull-diff.ts";
import type { ChangedFile } from "../git/diff.ts";
import { fullNameOf, postedComments } from "../state/lookups.ts";
import type { PullRequestRecord, RepositoryRecord, ReviewCommentRecord } from "../state/model.ts";
import type { World } from "../world.ts";
import { commentCard } from "./comment-card.ts";
import { onLines } from "./comment-lines.ts";
import { diffRows, replacedLines } from "./diff-table.ts";
import { type Html, html } from "./html.ts";
import { layout } from "./layout.ts";
import { pullHeader } from "./pull-header.ts";

interface Placed {
  readonly comment: ReviewCommentRecord;
  /** Undefined: the comment is outdated. */
  readonly place: Place | undefined;
}

/** Above this many lines a file's diff is folded. */
const longDiff = 600;

/** The diff of a pull request, file by file, with the comments where they belong. */
export async function filesPage(
  world: World,
  repository: RepositoryRecord,
  issue: PullRequestRecord,
): Promise<string> {
  const { files } = await diffOfPull(world, issue);
  const placed = await Promise.all(
    postedComments(world.store.state, issue).map(async (comment) => ({
      comment,
      place: await currentPlace(world, issue, comment),
    })),
  );
  const shown = files.map((file) =>
    fileCard(
      world,
      file,
      placed.filter(({ comment }) => comment.path === file.path),
    ),
  );
  return layout(
    `Files · ${issue.title} · ${fullNameOf(world.store.state, repository)} #${issue.number}`,
    html`<main class="wide">${await pullHeader(world, repository, issue, "files")} ${shown}</main>`,
  );
}

function fileCard(world: World, file: ChangedFile, placed: readonly Placed[]): Html {
  const ofFile = placed.filter(({ comment, place }) => place && comment.subjectType === "file");
  const outdated = placed.filter(({ place }) => !place);
  const name = file.previousPath === undefined ? file.path : `${file.previousPath} → ${file.path}`;
  const length = file.section.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
  return html`<details class="file" ${length <= longDiff && html`open`}>
    <summary>
      <code>${name}</code>
      <span class="counts push">
        <span class="plus">+${file.additions}</span> <span class="minus">−${file.deletions}</span>
      </span>
    </summary>
    ${ofFile.map(({ comment }) => html`<div class="thread">${card(world, comment, file, "commented on this file")}</div>`)}
    ${diffTable(world, file, placed)}
    ${outdated.map(({ comment }) => html`<div class="thread">${card(world, comment, file, "commented on an outdated line")}</div>`)}
  </details>`;
}

function diffTable(world: World, file: ChangedFile, placed: readonly Placed[]): Html {
  if (file.section.binary) return html`<p class="muted note">Binary file.</p>`;
  if (file.section.hunks.length === 0) return html`<p class="muted note">No changes in the file's text.</p>`;
  const under = (line: DiffLine): Html | false => {
    const cards = placed.flatMap(({ comment, place }) =>
      typeof place?.line === "number" && numberOn(line, comment.side) === place.line
        ? [card(world, comment, file, `commented ${onLines(place, comment)}`)]
        : [],
    );
    if (cards.length === 0) return false;
    return html`<tr class="inline">
      <td colspan="4">${cards}</td>
    </tr>`;
  };
  const hunks = file.section.hunks.map(
    (hunk) =>
      html`<tr class="hunk">
          <td colspan="3"></td>
          <td class="code">${hunk.header}</td>
        </tr>
        ${diffRows(hunk.lines, under)}`,
  );
  return html`<table class="diff">
    <caption class="hidden">
      Changes in ${file.path}
    </caption>
    <tbody>
      ${hunks}
    </tbody>
  </table>`;
}

function card(world: World, comment: ReviewCommentRecord, file: ChangedFile, did: string): Html {
  const lines = file.section.hunks.flatMap((hunk) => hunk.lines);
  return commentCard(world, {
    authorId: comment.authorId,
    at: comment.createdAt,
    did,
    body: comment.body,
    anchor: `discussion_r${comment.id}`,
    replaced: replacedLines(lines, comment),
  });
}

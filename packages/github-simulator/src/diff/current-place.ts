import { type World, gitDir } from "../world.ts";
import { mergeBase } from "../git/history.ts";
import type { ChangedFile } from "../git/diff.ts";
import { repositoryById } from "../state/lookups.ts";
import type { PullRequestRecord, ReviewCommentRecord, Side } from "../state/model.ts";
import type { DiffLine, DiffSection } from "./parse-diff.ts";
import { diffOfPull } from "./pull-diff.ts";

/** Where a comment stands in the diff of the pull request's present head. */
export interface Place {
  readonly line: number | null;
  readonly startLine: number | null;
  readonly position: number | null;
}

/** Follows a comment from the commit it was made on to the present head; undefined once it is outdated. */
export async function currentPlace(
  world: World,
  issue: PullRequestRecord,
  comment: ReviewCommentRecord,
): Promise<Place | undefined> {
  const { files } = await diffOfPull(world, issue);
  const file = files.find((candidate) => candidate.path === comment.path);
  if (!file) return undefined;
  if (comment.subjectType === "file" || comment.line === null) {
    return { line: null, startLine: null, position: null };
  }
  const move = await lineMove(world, issue, comment);
  const line = move(comment.line);
  const shown = line === undefined ? undefined : findLine(file.section, comment.side, line);
  if (line === undefined || !shown) return undefined;
  const startLine = comment.startLine === null ? null : (move(comment.startLine) ?? null);
  return { line, startLine, position: shown.position };
}

/** The line of a file's diff with this number on this side. */
export function findLine(section: DiffSection, side: Side, line: number): DiffLine | undefined {
  for (const hunk of section.hunks) {
    const found = hunk.lines.find((candidate) => numberOn(candidate, side) === line);
    if (found) return found;
  }
  return undefined;
}

/** A diff line's number on one side. */
export function numberOn(line: DiffLine, side: Side): number | undefined {
  return side === "LEFT" ? line.oldLine : line.newLine;
}

/** How line numbers moved since the comment's commit; a line that was itself changed goes to undefined. */
async function lineMove(world: World, issue: PullRequestRecord, comment: ReviewCommentRecord) {
  const { headSha, baseSha } = issue.pull;
  if (comment.commitId === headSha) return (line: number): number | undefined => line;
  const dir = gitDir(world, repositoryById(world.store.state, issue.repositoryId));
  const [before, after] =
    comment.side === "RIGHT"
      ? [comment.commitId, headSha]
      : await Promise.all([comment.commitId, headSha].map((sha) => mergeBase(dir, baseSha, sha)));
  if (!before || !after || before === after) return (line: number): number | undefined => line;
  const { files } = await world.diffs.between(dir, before, after);
  const changed = files.find((file) => (file.previousPath ?? file.path) === comment.path);
  return (line: number): number | undefined => (changed ? moved(changed, line) : line);
}

function moved(file: ChangedFile, line: number): number | undefined {
  if (file.status === "removed" || file.section.binary) return undefined;
  let shift = 0;
  for (const { lines } of file.section.hunks) {
    const shown = lines.find((candidate) => candidate.oldLine === line);
    if (shown) return shown.newLine;
    if (lines.some((candidate) => (candidate.oldLine ?? 0) > line)) break;
    const count = (kind: DiffLine["kind"]) => lines.filter((candidate) => candidate.kind === kind).length;
    shift += count("added") - count("removed");
  }
  return line + shift;
}

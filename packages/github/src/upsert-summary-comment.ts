import { setTimeout as pause } from "node:timers/promises";
import type { GitHubClient } from "./client.ts";
import {
  checkBody,
  createIssueComment,
  type IssueComment,
  listIssueComments,
  updateIssueComment,
} from "./comments.ts";
import { GitHubForbidden, GitHubInvalid, GitHubNotFound, isDoubtful } from "./errors.ts";
import type { RepositoryRef } from "./repositories.ts";

export interface SummaryComment {
  /** A hidden text that every version of this comment carries, and no other comment. */
  readonly marker: string;
  /** GitHub's id of the client's user: a login can change. */
  readonly viewerId: number;
  /** Contains the marker. */
  readonly body: string;
  /** The comment as an earlier call named it. */
  readonly knownId?: number;
  /** Whether an earlier attempt, of this process or another, may have written it. */
  readonly doubtful: boolean;
}

/**
 * Writes the one summary comment of a pull request, or edits it where it is there already. A comment that
 * somebody deleted is written anew; of several that carry the marker, the first is edited.
 *
 * @throws GitHubUnavailable after two doubtful attempts; calling again is safe
 */
export async function upsertSummaryComment(
  client: GitHubClient,
  repo: RepositoryRef,
  number: number,
  { marker, viewerId, body, knownId, doubtful }: SummaryComment,
): Promise<{ id: number; url: string }> {
  checkBody(body);
  if (!body.includes(marker)) throw new GitHubInvalid("The summary's body does not carry its marker");

  async function upsert(): Promise<IssueComment> {
    const known = knownId === undefined ? undefined : await updateKnown(client, repo, knownId, body);
    if (known !== undefined) return known;
    const comments = await listIssueComments(client, repo, number);
    const own = comments.find((comment) => comment.author.id === viewerId && comment.body.includes(marker));
    if (own === undefined) return createIssueComment(client, repo, number, body);
    return updateIssueComment(client, repo, own.id, body);
  }

  // Whoever gave up the earlier attempt did not wait for its end.
  if (doubtful) await pause(client.settleMs);
  let written: IssueComment;
  try {
    written = await upsert();
  } catch (error) {
    if (!isDoubtful(error)) throw error;
    // GitHub may still be at work on what it gave up answering. The second turn looks before it writes.
    await pause(client.settleMs);
    written = await upsert();
  }
  return { id: written.id, url: written.url };
}

/** The edited comment; undefined where it was deleted, or is another user's and not ours to edit. */
async function updateKnown(
  client: GitHubClient,
  repo: RepositoryRef,
  id: number,
  body: string,
): Promise<IssueComment | undefined> {
  try {
    return await updateIssueComment(client, repo, id, body);
  } catch (error) {
    if (error instanceof GitHubNotFound || error instanceof GitHubForbidden) return undefined;
    throw error;
  }
}

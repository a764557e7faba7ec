import type { Db } from "@nectr/db";
import {
  getPullRequest,
  getRepository,
  type GitHubClient,
  GitHubNotFound,
  listOpenPullRequests,
  type PullRequestOverview,
  type RepositoryRef,
} from "@nectr/github";
import {
  databaseTime,
  findKnownPulls,
  type PolledRepository,
  storePolledEvents,
  wasHeardOf,
} from "../poll-store.ts";
import { type RepositoryKey, saveFullName } from "../pull-request-store.ts";
import { readRepository } from "../repository-access.ts";
import type { UnfinishedEvent } from "../sweep-store.ts";
import { decideGone, decidePoll, type GonePull, type PolledEvent } from "./decide-poll.ts";

/** Pull requests that are asked for one by one in a turn; the others have the next one. */
const mostGone = 20;

/**
 * Looks at a repository's open pull requests, and stores what a webhook would have told. Where nothing has changed,
 * one conditional request is all that it takes. It can break off anywhere and be done again, by several at once.
 * @param options.quietSince of a repository that has a webhook: what has changed since then is left to it, and a
 *   repository that is new is not welcomed with reviews.
 * @returns the events that were not stored before.
 */
export async function pollRepository(
  db: Db,
  client: GitHubClient,
  repository: PolledRepository,
  { quietSince }: { quietSince?: Date } = {},
): Promise<UnfinishedEvent[]> {
  const askedAt = await databaseTime(db);
  const { fullName, pulls } = await readRepository(client, repository, (ref) => listPulls(client, ref));
  const present: RepositoryKey = { id: repository.id, fullName };
  if (fullName !== repository.fullName) await saveFullName(db, present);

  // The list's pages are cut anew for each request, so that one can be on two of them.
  const listed = [...new Map(pulls.map((pull) => [pull.number, pull])).values()];
  const { events, gone } = decidePoll({
    listed: listed.map((pull) => ({ ...pull, headSha: pull.head.sha, baseRef: pull.base.ref })),
    known: await findKnownPulls(
      db,
      repository.id,
      listed.map(({ number }) => number),
    ),
    askedAt,
    connectedAt: repository.connectedAt,
    first: quietSince === undefined && !(await wasHeardOf(db, repository.id, repository.connectedAt)),
    quietSince,
  });
  const stored = await storePolledEvents(db, present, events);
  const closed = await askForGone(client, present, gone.slice(0, mostGone));
  return [...stored, ...(await storePolledEvents(db, present, closed))];
}

interface OpenPulls {
  readonly repositoryId: number;
  readonly fullName: string;
  readonly pulls: readonly PullRequestOverview[];
}

async function listPulls(client: GitHubClient, ref: RepositoryRef): Promise<OpenPulls> {
  const pulls = await listOpenPullRequests(client, ref);
  const [first] = pulls;
  if (first !== undefined) return { repositoryId: first.repositoryId, fullName: first.fullName, pulls };
  // An empty list does not say whose it is.
  const { id, fullName } = await getRepository(client, ref);
  return { repositoryId: id, fullName, pulls };
}

async function askForGone(
  client: GitHubClient,
  repository: RepositoryKey,
  gone: readonly GonePull[],
): Promise<PolledEvent[]> {
  const events: PolledEvent[] = [];
  for (const pull of gone) {
    const now = await readPull(client, repository, pull.number);
    const event = decideGone(pull, now && { ...now, headSha: now.head.sha });
    if (event !== undefined) events.push(event);
  }
  return events;
}

/** Undefined where GitHub shows it no more, though it has just shown the repository: it was removed there. */
async function readPull(client: GitHubClient, repository: RepositoryKey, number: number) {
  try {
    return await readRepository(client, repository, (ref) => getPullRequest(client, ref, number));
  } catch (error) {
    if (error instanceof GitHubNotFound) return undefined;
    throw error;
  }
}

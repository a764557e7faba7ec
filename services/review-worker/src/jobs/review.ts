import { ReconnectNeeded, type RepositoryClient } from "@nectr/accounts";
import {
  confirmingWrites,
  getPullRequest,
  GitHubRateLimited,
  GitHubUnauthorized,
  GitHubUnavailable,
  type PullRequest,
  type RepositoryRef,
  withSignal,
} from "@nectr/github";
import type { JobContext, Outcome } from "@nectr/queue";
import { ClaimLost, claimPullRequest } from "../claim.ts";
import { endEvent, endReviews, type EventRow, parkEvent, putBack } from "../event-store.ts";
import { findMoved } from "../find-moved.ts";
import { type RepositoryKey, savePullRequest } from "../pull-request-store.ts";
import { asFirstAdmitted, readRepository, refOf } from "../repository-access.ts";
import { ModelAway } from "../stages/model-away.ts";
import { runReview } from "../stages/run-review.ts";
import type { ReviewDeps } from "../worker-deps.ts";
import { explainWait, nobodyConnected } from "./explain-failure.ts";
import { ageMs, patience } from "./patience.ts";
import { settleEvent } from "./settle-event.ts";

const done: Outcome = { kind: "done" };

/** How often a head that no event speaks of is looked at again, and how long after. */
const looks = 3;
const lookAgainMs = 3_000;
/** How soon to ask again for a pull request that another worker holds. */
const claimed = { leastMs: 1_000, mostMs: 10_000 };
/** How soon to ask again a GitHub that does not answer. */
const outage = { leastMs: 5_000, mostMs: 900_000 };
/**
 * For how long that is a matter of time: a day. Where it answers for the pull request and then fails in the work, some
 * of it may be what GitHub can never answer, and an hour is enough.
 */
const outageLimitMs = 24 * 3_600_000;
const partialOutageLimitMs = 3_600_000;
/** How soon to ask again for a token that works. */
const reconnectMs = 60_000;

/**
 * The job `review`: works on one event, in its turn, until it has reached an end. What can be mended by waiting (a token, a rate
 * limit, an outage of GitHub or the model, another worker's claim) parks the job; all else is thrown, and the queue tries again.
 */
export async function reviewEvent(
  deps: ReviewDeps,
  { eventId }: { eventId: string },
  job: Pick<JobContext, "signal">,
): Promise<Outcome> {
  const begun = await deps.turns.begin(eventId);
  if ("kind" in begun) return begun;
  await using turn = begun;
  return await workOn(deps, turn.event, job);
}

async function workOn(deps: ReviewDeps, event: EventRow, job: Pick<JobContext, "signal">): Promise<Outcome> {
  const { event_id: eventId } = event;
  const target = targetOf(event);
  const park = async (delayMs: number, reason: string): Promise<Outcome> => {
    await parkEvent(deps.db, eventId, reason);
    return { kind: "later", delayMs, reason };
  };
  let account: RepositoryClient | undefined;
  try {
    const access = await accessPullRequest(deps, target, job.signal);
    account = access.account;
    return await reviewHead(deps, { event, ...access, job, park });
  } catch (error) {
    if (error instanceof GitHubRateLimited) {
      return await park(Math.max(1_000, error.retryAt.getTime() - Date.now()), explainWait(error));
    }
    const limitMs = account === undefined ? outageLimitMs : partialOutageLimitMs;
    if (error instanceof GitHubUnavailable && ageMs(event) < limitMs) {
      deps.logger.warn({ err: error, eventId }, "GitHub does not answer: the review waits");
      return await park(patience(event, outage), explainWait(error));
    }
    if (error instanceof ModelAway) return await park(error.delayMs, explainWait(error));
    if (error instanceof ReconnectNeeded) {
      if (error.userId !== undefined || deps.accounts.fallbackToken !== undefined) {
        return await park(reconnectMs, explainWait(error));
      }
      deps.logger.warn({ eventId }, "nobody is connected to the repository of an event");
      await endEvent(deps.db, eventId, { status: "failed", error: nobodyConnected });
      return done;
    }
    if (error instanceof GitHubUnauthorized) {
      await account?.refused();
      return await park(account === undefined ? reconnectMs : 0, explainWait(error));
    }
    if (error instanceof ClaimLost) {
      if (error.kind === "taken-over") return done;
      await endReviews(deps.db, eventId, "superseded", null);
      return await settle(deps, event, error.pull);
    }
    throw error;
  }
}

/** What becomes of an event whose review was broken off. @param pull what GitHub showed just then */
async function settle(deps: ReviewDeps, event: EventRow, pull: PullRequest | undefined): Promise<Outcome> {
  const itsOwn = pull?.repositoryId === event.repository_id ? pull : undefined;
  if (itsOwn !== undefined && (await settleEvent(deps, event, itsOwn, false)).kind === "superseded")
    return done;
  return await lookAgain(deps, event);
}

/** Each look is an attempt that counts. */
async function lookAgain({ db }: ReviewDeps, { event_id: eventId }: EventRow): Promise<Outcome> {
  const reason = "the head has moved";
  await putBack(db, eventId, reason);
  return { kind: "later", delayMs: lookAgainMs, reason };
}

interface Access {
  readonly account: RepositoryClient;
  readonly pull: PullRequest;
}

/**
 * The pull request as it is now, seen with the token of whoever is connected and may see it.
 * @throws GitHubNotFound, GitHubForbidden or GitHubUnauthorized where GitHub shows it to none of them.
 */
function accessPullRequest(deps: ReviewDeps, target: Target, signal: AbortSignal): Promise<Access> {
  return asFirstAdmitted(deps.accounts, target.repository.id, async (account) => {
    const client = withSignal(account.client, signal);
    const read = (ref: RepositoryRef) => getPullRequest(client, ref, target.number);
    return { account, pull: await readRepository(client, target.repository, read) };
  });
}

interface Target {
  /** By the name that the event has for it, which may be its former one. */
  readonly repository: RepositoryKey;
  readonly number: number;
  readonly headSha: string;
}

interface Work extends Access {
  readonly event: EventRow;
  readonly job: Pick<JobContext, "signal">;
  readonly park: (delayMs: number, reason: string) => Promise<Outcome>;
}

async function reviewHead(deps: ReviewDeps, { event, account, pull, job, park }: Work): Promise<Outcome> {
  const repository = { id: pull.repositoryId, fullName: pull.fullName };
  const headSha = pull.head.sha;
  const ref = refOf(repository.fullName);
  const decision = await settleEvent(deps, event, pull, event.attempts >= looks);
  if (decision.kind === "superseded") return done;
  if (decision.kind === "look-again") return await lookAgain(deps, event);

  await savePullRequest(deps.db, pull);
  await using claim = await claimPullRequest(
    deps.db,
    { repositoryId: repository.id, number: pull.number, headSha },
    {
      holder: deps.holder,
      leaseSeconds: deps.leaseSeconds,
      signal: job.signal,
      findMoved: (signal) => findMoved(withSignal(account.client, signal), ref, pull),
      onError: (error) => deps.logger.warn({ err: error }, "the claim could not be looked after"),
    },
  );
  if (claim === undefined)
    return await park(patience(event, claimed), "another worker holds the pull request");
  const client = confirmingWrites(withSignal(account.client, claim.signal), claim.confirm);
  const bound = { ...account, client };
  await runReview(deps, { eventId: event.event_id, repository, ref, pull, account: bound, claim });
  return done;
}

function targetOf(event: EventRow): Target {
  const { repository_id: id, full_name: fullName, number, head_sha: headSha } = event;
  if (id === null || fullName === null || number === null || headSha === null) {
    throw new Error(`event ${event.event_id} does not name a pull request`);
  }
  return { repository: { id, fullName }, number, headSha };
}

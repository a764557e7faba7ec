import { type AccountsDeps, reencryptStored } from "@nectr/accounts";
import type { Db } from "@nectr/db";
import { type JobContext, type Outcome, queueOfAction, type QueueConnection } from "@nectr/queue";
import type { Logger } from "@nectr/service";
import { findAwaitedEvents, findUnfinishedEvents, removeExpired } from "../sweep-store.ts";
import { enqueueEvents } from "./enqueue-events.ts";
import { waitsForSignIn } from "./explain-failure.ts";
import type { Poll } from "./poll.ts";
import type { Reconcile } from "./reconcile.ts";

const batch = 500;

export interface MaintenanceDeps {
  readonly db: Db;
  readonly queues: QueueConnection;
  readonly logger: Logger;
  readonly accounts: Pick<AccountsDeps, "db" | "fernet">;
  /** Enqueues held events for which there are places, so many at most. @returns how many */
  readonly releaseHeld: (limit: number) => Promise<number>;
  readonly poll: Poll;
  readonly reconcile: Reconcile;
  /** Told how many stored tokens and secrets no key opens, for metrics. */
  readonly onUnreadable: (count: number) => void;
}

/** What runs by the clock. */
export async function maintain(
  deps: MaintenanceDeps,
  { task }: { task: keyof typeof tasks },
  job: Pick<JobContext, "signal">,
): Promise<Outcome> {
  await tasks[task](deps, job.signal);
  return { kind: "done" };
}

const tasks = { sweep, retention, poll, keys, reconcile };

/** Enqueues what the queue has lost, and at once what has waited for a sign-in that has come. */
async function sweep({ db, queues, logger, releaseHeld }: MaintenanceDeps): Promise<void> {
  const awaited = await findAwaitedEvents(db, waitsForSignIn, batch);
  // The queue holds them, for later.
  for (const { eventId, action } of awaited) await queues.producer(queueOfAction(action)).remove({ eventId });
  const unfinished = await findUnfinishedEvents(db, batch);
  // What is left of a job must not stop its event for ever.
  await Promise.all(
    unfinished.map(({ eventId, action }) => queues.producer(queueOfAction(action)).removeStray({ eventId })),
  );
  const events = [...awaited, ...unfinished];
  await enqueueEvents({ db, queues }, events);
  const released = await releaseHeld(batch);
  const enqueued = events.length + released;
  if (enqueued > 0) logger.info({ events: enqueued }, "unfinished events enqueued");
}

/** Removes what has expired. */
async function retention({ db, logger }: MaintenanceDeps): Promise<void> {
  const removed = await removeExpired(db);
  if (removed > 0) logger.info({ removed }, "expired events removed");
}

/** Asks for the pull requests of repositories that have no webhook. */
async function poll(deps: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  const events = await deps.poll(signal);
  await enqueueEvents(deps, events);
  if (events.length > 0) deps.logger.info({ events: events.length }, "events found by polling");
}

/** Asks GitHub for what it could not deliver, where that is due. */
async function reconcile(deps: MaintenanceDeps, signal: AbortSignal): Promise<void> {
  await deps.reconcile(signal);
}

/** Encrypts with the newest key what an older one encrypted. */
async function keys({ accounts, logger, onUnreadable }: MaintenanceDeps): Promise<void> {
  const { reencrypted, unreadable } = await reencryptStored(accounts);
  onUnreadable(unreadable);
  if (reencrypted > 0) logger.info({ reencrypted }, "tokens and secrets encrypted with the newest key");
  if (unreadable > 0) logger.warn({ unreadable }, "tokens and secrets that no key of SECRET_KEY opens");
}

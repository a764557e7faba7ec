import { countWaitingEvents, type Db, markEnqueued } from "@nectr/db";
import { type Outcome, queueOfAction, type QueueConnection } from "@nectr/queue";
import type { Logger } from "@nectr/service";
import { findUnfinishedEvents, removeExpired } from "../sweep-store.ts";

const batch = 500;

/** What runs by the clock: enqueue what the queue has lost, and remove what has expired. */
export async function maintain(
  deps: { db: Db; queues: QueueConnection; logger: Logger },
  { task }: { task: "sweep" | "retention" },
): Promise<Outcome> {
  if (task === "retention") {
    const removed = await removeExpired(deps.db);
    if (removed > 0) deps.logger.info({ removed }, "expired events removed");
    return { kind: "done" };
  }
  const events = await findUnfinishedEvents(deps.db, batch);
  for (const { eventId, repositoryId, action } of events) {
    const priority = await countWaitingEvents(deps.db, repositoryId);
    await deps.queues.producer(queueOfAction(action)).add({ eventId }, { priority });
    await markEnqueued(deps.db, eventId);
  }
  if (events.length > 0) deps.logger.info({ events: events.length }, "unfinished events enqueued");
  return { kind: "done" };
}

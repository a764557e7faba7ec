import { countWaitingEvents, type Db, markEnqueued } from "@nectr/db";
import { queueOfAction, type QueueConnection } from "@nectr/queue";
import type { UnfinishedEvent } from "../sweep-store.ts";

/** Gives stored events to their queues. Whom the queue still holds it leaves alone, so that this is safe to repeat. */
export async function enqueueEvents(
  { db, queues }: { readonly db: Db; readonly queues: QueueConnection },
  events: readonly UnfinishedEvent[],
): Promise<void> {
  for (const { eventId, repositoryId, action } of events) {
    const priority = await countWaitingEvents(db, repositoryId);
    await queues.producer(queueOfAction(action)).add({ eventId }, { priority });
    await markEnqueued(db, eventId);
  }
}

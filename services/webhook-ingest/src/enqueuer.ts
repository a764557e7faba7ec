import { countWaitingEvents, type Db, markEnqueued } from "@nectr/db";
import { queueOfAction, type QueueConnection } from "@nectr/queue";
import type { Logger } from "@nectr/service";
import type { QueuedEvent } from "./event-store.ts";

/** Hands stored events to the queue, behind the answer. */
export interface Enqueuer extends AsyncDisposable {
  /** Returns at once. What can't be enqueued now stays pending, and the sweep enqueues it. */
  enqueue(event: QueuedEvent): void;
  /** Resolves when all that was given so far is in the queue, or was left to the sweep. */
  settled(): Promise<void>;
}

export function createEnqueuer(deps: { db: Db; queues: QueueConnection; logger: Logger }): Enqueuer {
  const underWay = new Set<Promise<void>>();
  const settled = async () => void (await Promise.all(underWay));
  return {
    enqueue(event) {
      const work = addToQueue(deps, event)
        .catch((error: unknown) => {
          deps.logger.warn({ err: error, eventId: event.eventId }, "not enqueued now; the sweep will");
        })
        .finally(() => underWay.delete(work));
      underWay.add(work);
    },
    settled,
    [Symbol.asyncDispose]: settled,
  };
}

async function addToQueue(
  { db, queues }: { db: Db; queues: QueueConnection },
  { eventId, repositoryId, action }: QueuedEvent,
): Promise<void> {
  const priority = await countWaitingEvents(db, repositoryId);
  await queues.producer(queueOfAction(action)).add({ eventId }, { priority });
  await markEnqueued(db, eventId);
}

import { type Db, eventRecords } from "@nectr/db";
import { enqueueEvents as enqueueAll, type QueueConnection } from "@nectr/queue";
import type { UnfinishedEvent } from "../sweep-store.ts";

/** Gives stored events to their queues. @throws where the queue refuses some; the others are enqueued */
export async function enqueueEvents(
  { db, queues }: { readonly db: Db; readonly queues: QueueConnection },
  events: readonly UnfinishedEvent[],
): Promise<void> {
  await enqueueAll(queues, eventRecords(db), events);
}

import type { QueueConnection } from "./connect-queues.ts";
import { queueOfAction } from "./queues.ts";

/** A stored event that a job shall work on, with what its queue needs to know. */
export interface EventToEnqueue {
  readonly eventId: string;
  readonly repositoryId: number;
  readonly action: string;
}

/** Where events are stored. */
export interface EventRecords {
  /**
   * How many events wait of each of these repositories; one that has none may be left out. It has to count as far as
   * the last place and a whole group.
   */
  countWaiting(repositoryIds: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Notes that the queue holds these. */
  markEnqueued(eventIds: readonly string[]): Promise<void>;
}

/** Additions at once: more would only wait for each other. */
const groupSize = 200;
/** From here on all are as far behind: a repository with less waiting is ahead anyway. */
const lastPlace = 100;

/**
 * Gives stored events to their queues, each with its repository's waiting count as its priority: a busy repository's
 * next event comes behind a quiet one's. Whom the queue holds already it leaves alone, so that this is safe to repeat.
 * One that the queue refuses is not marked, the others are.
 * @throws what went wrong with the first that was refused, once all the others are marked.
 */
export async function enqueueEvents(
  queues: Pick<QueueConnection, "producer">,
  records: EventRecords,
  events: readonly EventToEnqueue[],
): Promise<void> {
  const failures: unknown[] = [];
  for (let done = 0; done < events.length; done += groupSize) {
    const group = events.slice(done, done + groupSize);
    const waiting = await records.countWaiting([...new Set(group.map(({ repositoryId }) => repositoryId))]);
    const added = await Promise.allSettled(
      withPriorities(group, waiting).map(([{ eventId, action }, priority]) =>
        queues.producer(queueOfAction(action)).add({ eventId }, { priority }),
      ),
    );
    const inQueue = group.filter((_, index) => added[index]?.status === "fulfilled");
    if (inQueue.length > 0) await records.markEnqueued(inQueue.map(({ eventId }) => eventId));
    failures.push(...added.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
  }
  if (failures.length > 0) throw failures[0];
}

/** With each event its place among its repository's waiting ones as it was when the event was stored. */
function withPriorities(
  events: readonly EventToEnqueue[],
  waiting: ReadonlyMap<number, number>,
): [EventToEnqueue, number][] {
  const left = new Map(waiting);
  return events
    .toReversed()
    .map((event): [EventToEnqueue, number] => {
      const place = left.get(event.repositoryId) ?? 0;
      left.set(event.repositoryId, place - 1);
      // Never 0, which goes before all others.
      return [event, Math.max(1, Math.min(place, lastPlace))];
    })
    .toReversed();
}

import { setTimeout as delay } from "node:timers/promises";
import { countWaitingOf, type Db, markAllEnqueued } from "@nectr/db";
import { queueOfAction, type QueueConnection } from "@nectr/queue";
import type { Logger } from "@nectr/service";
import type { QueuedEvent } from "./arrival.ts";
import { createBacklog } from "./backlog.ts";

/** Hands stored events to the queue, behind the answer. */
export interface Enqueuer extends AsyncDisposable {
  /** Returns at once. What can't be enqueued now stays pending, and the sweep enqueues it. */
  enqueue(event: QueuedEvent): void;
  /** Resolves when all that was given so far is in the queue, or was left to the sweep. */
  settled(): Promise<void>;
}

/** More than this waits for the queue only where it is away; then it is the sweep's. Some 10 MB. */
const backlogLimit = 100_000;
const groupLimit = 200;

/** A review takes seconds; this much of a wait for company costs nobody anything. */
const gatherMs = 50;

/**
 * While more deliveries come in than this in a turn, answering them goes first: so many are handed over, up to 500 a
 * second, which is more than workers take. An addition to the queue costs the same processors half of what a delivery does.
 */
const busyGroupLimit = 25;

interface EnqueuerDeps {
  readonly db: Db;
  readonly queues: QueueConnection;
  readonly logger: Logger;
}

/** While one group is being handed over the next gathers, so that a group costs two statements. */
export function createEnqueuer(deps: EnqueuerDeps): Enqueuer {
  const backlog = createBacklog();
  let arrived = 0;
  let working: Promise<void> | undefined;
  let closed = false;

  async function work(): Promise<void> {
    let busy = false;
    while (backlog.size > 0) {
      const before = { arrived, time: performance.now() };
      const full = !busy && backlog.size >= groupLimit;
      if (!closed && !full) await delay(gatherMs);
      const group = backlog.take(busy && !closed ? busyGroupLimit : groupLimit);
      const failure = await hand(deps, group);
      busy = (arrived - before.arrived) / (performance.now() - before.time) > busyGroupLimit / gatherMs;
      if (failure === undefined) continue;
      deps.logger.warn({ err: failure, events: group.length }, "not enqueued now; the sweep will");
      // A stop does not wait for a queue that is away.
      if (closed) backlog.clear();
    }
    working = undefined;
  }

  const settled = async () => working;
  return {
    enqueue(event) {
      if (backlog.size >= backlogLimit) return;
      backlog.add(event);
      arrived += 1;
      working ??= work();
    },
    settled,
    async [Symbol.asyncDispose]() {
      closed = true;
      await settled();
    },
  };
}

/** @returns what went wrong with some or all of them. */
async function hand({ db, queues }: EnqueuerDeps, events: readonly QueuedEvent[]): Promise<unknown> {
  try {
    const waiting = await countWaitingOf(db, [...new Set(events.map(({ repositoryId }) => repositoryId))]);
    const added = await Promise.allSettled(
      withPriorities(events, waiting).map(([{ eventId, action }, priority]) =>
        queues.producer(queueOfAction(action)).add({ eventId }, { priority }),
      ),
    );
    const inQueue = events.filter((_, index) => added[index]?.status === "fulfilled");
    if (inQueue.length > 0)
      await markAllEnqueued(
        db,
        inQueue.map(({ eventId }) => eventId),
      );
    return added.find((result) => result.status === "rejected")?.reason;
  } catch (error) {
    return error;
  }
}

/** With each event its repository's waiting count as it was when the event was stored. */
function withPriorities(
  events: readonly QueuedEvent[],
  waiting: ReadonlyMap<number, number>,
): [QueuedEvent, number][] {
  const left = new Map(waiting);
  return events
    .toReversed()
    .map((event): [QueuedEvent, number] => {
      const priority = left.get(event.repositoryId) ?? 0;
      left.set(event.repositoryId, Math.max(priority - 1, 0));
      return [event, priority];
    })
    .toReversed();
}

import { setTimeout as delay } from "node:timers/promises";
import { type Db, eventRecords } from "@nectr/db";
import { enqueueEvents, type QueueConnection } from "@nectr/queue";
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
    await enqueueEvents(queues, eventRecords(db), events);
  } catch (error) {
    return error;
  }
  return undefined;
}

import type { Db } from "@nectr/db";
import type { Outcome } from "@nectr/queue";
import { type EventRow, putBack } from "../event-store.ts";
import { startHeartbeat } from "../heartbeat.ts";
import { type Bounds, type PlaceGrant, renewPlace } from "../place-store.ts";
import type { UnfinishedEvent } from "../sweep-store.ts";
import { beginOrHold, findReleased, findUpcoming, freePlace, releaseHeld } from "../turn-store.ts";
import { patience } from "./patience.ts";

/** An event that is being worked on. Disposed of, it lets another one of those that wait for its place come up. */
export interface Turn extends AsyncDisposable {
  readonly event: EventRow;
}

/**
 * Who may review now. Beyond the bounds an event is held: its job ends, and whoever gives a place back enqueues the one
 * that waited longest. So ten thousand that wait cost nothing but their rows. The sweep does it too, for a worker that
 * vanished.
 */
export interface Turns {
  /** @returns what the job ends with, where it is not the event's turn, or the event has reached its end. */
  begin(eventId: string): Promise<Turn | Outcome>;
  /** Enqueues held events for which there are places. @returns how many */
  release(limit: number): Promise<number>;
  /** To be told of a job that has left the queue. */
  onJobGone(eventId: string): void;
}

export interface TurnsDeps {
  readonly db: Db;
  readonly bounds: Bounds;
  /** How long a place outlives a worker that vanished. */
  readonly leaseSeconds: number;
  /** After which the last of several pushes in a row is the last. */
  readonly settleSeconds: number;
  readonly enqueue: (events: readonly UnfinishedEvent[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** How soon an event looks again whether a later one of its pull request has decided about it. */
const overtaken = { leastMs: 3_000, mostMs: 60_000 };
/** How soon one that is counted by the queue asks again for a place. */
const nextPlaceMs = 1_000;

const waitsForPush = "a later push is waited for";
const waitsForPlace = "as many reviews of this repository, or of its user, are under way as may be at once";

export function createTurns(deps: TurnsDeps): Turns {
  const { db, bounds, leaseSeconds, settleSeconds, enqueue, onError } = deps;
  /** Held events whose jobs have not left the queue yet. */
  const leaving = new Set<string>();

  async function later(eventId: string, delayMs: number, reason: string): Promise<Outcome> {
    await putBack(db, eventId, reason);
    return { kind: "later", delayMs, reason };
  }

  async function begin(eventId: string): Promise<Turn | Outcome> {
    const upcoming = await findUpcoming(db, eventId, settleSeconds);
    if (upcoming === undefined) return { kind: "done" };
    if (upcoming.overtaken) {
      return await later(eventId, patience({ received_at: upcoming.receivedAt }, overtaken), waitsForPush);
    }
    if (upcoming.unsettledSeconds > 0) {
      return await later(eventId, upcoming.unsettledSeconds * 1_000, waitsForPush);
    }
    const beginning = await beginOrHold(db, upcoming, { bounds, leaseSeconds, reason: waitsForPlace });
    if (beginning.kind === "begun") return keep(beginning.event, beginning.place);
    if (beginning.kind === "ended") return { kind: "done" };
    if (beginning.queued) {
      return { kind: "later", delayMs: nextPlaceMs * (1 + Math.random()), reason: waitsForPlace };
    }
    leaving.add(eventId);
    return { kind: "done" };
  }

  function keep(event: EventRow, place: PlaceGrant): Turn {
    const interval = (leaseSeconds * 1_000) / 3;
    const stopHeart = startHeartbeat(interval, () => renewPlace(db, place, leaseSeconds), onError);
    return {
      event,
      async [Symbol.asyncDispose]() {
        stopHeart();
        try {
          const held = await freePlace(db, place);
          if (held) await release(1);
        } catch (error) {
          // The job has its outcome already. The place ends with its lease, and the sweep releases what waits for it.
          onError(error);
        }
      },
    };
  }

  async function release(limit: number): Promise<number> {
    const events = await releaseHeld(db, bounds, limit);
    if (events.length > 0) await enqueue(events);
    return events.length;
  }

  return {
    begin,
    release,
    onJobGone(eventId) {
      // Released in between, it was added to a queue that still had its job, and so was not added.
      if (leaving.delete(eventId)) void findReleased(db, eventId).then(enqueue).catch(onError);
    },
  };
}

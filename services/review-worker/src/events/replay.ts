import type { Db, WebhookEventRow } from "@nectr/db";
import { type QueueConnection, QueueUnavailableError } from "@nectr/queue";
import { enqueueEvents } from "../jobs/enqueue-events.ts";
import { findEvent, rearmEvent } from "./inspection-store.ts";

/** What became of one that was to be replayed. */
export type Replay = { readonly eventId: string } &
  /** `left-to-sweep`: the queue does not answer, and gets it with the next sweep. */
  (
    | { readonly outcome: "queued" | "left-to-sweep" | "unknown" }
    | { readonly outcome: "not-failed"; readonly status: WebhookEventRow["status"] }
  );

export interface ReplayDeps {
  readonly db: Db;
  readonly queues: QueueConnection;
}

/** Gives a failed event to its queue once more. The database decides, so that of several who ask one does it. */
export async function replayEvent(deps: ReplayDeps, eventId: string): Promise<Replay> {
  const armed = await rearmEvent(deps.db, eventId);
  if (armed === undefined) {
    const event = await findEvent(deps.db, eventId);
    if (event === undefined) return { eventId, outcome: "unknown" };
    return { eventId, outcome: "not-failed", status: event.status };
  }
  const { repository_id: repositoryId, action } = armed;
  // What has no repository or action is no job's, and never fails.
  if (repositoryId === null || action === null) throw new Error(`The event ${eventId} has no job`);
  try {
    await enqueueEvents(deps, [{ eventId, repositoryId, action }]);
    return { eventId, outcome: "queued" };
  } catch (error) {
    if (error instanceof QueueUnavailableError) return { eventId, outcome: "left-to-sweep" };
    throw error;
  }
}

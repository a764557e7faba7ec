import { z } from "zod";
import type { Queue } from "./queue.ts";

/** An event's id, of the forms that a database gives: a number or a UUID. */
const eventPayload = z.object({ eventId: z.string().regex(/^[\w-]{1,64}$/) });

type EventPayload = z.infer<typeof eventPayload>;

/** Review the pull request of an event. */
export const reviewQueue: Queue<EventPayload> = {
  name: "review",
  payload: eventPayload,
  jobId: ({ eventId }) => `review-${eventId}`,
  attempts: 5,
  backoffMs: 5_000,
};

/** A pull request was closed: note the outcome. */
export const indexQueue: Queue<EventPayload> = {
  name: "index",
  payload: eventPayload,
  jobId: ({ eventId }) => `index-${eventId}`,
  attempts: 5,
  backoffMs: 10_000,
};

/** Which queue an event goes to, by the action of its pull request. */
export function queueOfAction(action: string): Queue<EventPayload> {
  return action === "closed" ? indexQueue : reviewQueue;
}

const maintenancePayload = z.object({ task: z.enum(["sweep", "retention", "poll", "keys", "reconcile"]) });

/**
 * What recurs: enqueue what was left pending, delete what is too old, ask for the pull requests of repositories
 * without a webhook, encrypt with the newest key, ask GitHub for what it could not deliver. The next turn is the retry.
 */
export const maintenanceQueue: Queue<z.infer<typeof maintenancePayload>> = {
  name: "maintenance",
  payload: maintenancePayload,
  jobId: ({ task }) => task,
  attempts: 1,
  backoffMs: 1_000,
};

import type { Database, Db, WebhookEventRow } from "@nectr/db";
import { sql, type Transaction } from "kysely";

/** An event as the jobs see it: the payload stays where it is. */
export type EventRow = Pick<
  WebhookEventRow,
  "event_id" | "action" | "repository_id" | "full_name" | "number" | "head_sha" | "attempts" | "received_at"
>;

/**
 * Marks an event as being worked on.
 * @returns undefined where it has reached its end: whoever asks has nothing to do.
 */
export async function startEvent(
  db: Db | Transaction<Database>,
  eventId: string,
): Promise<EventRow | undefined> {
  return await db
    .updateTable("webhook_events")
    .set((e) => ({
      status: "processing",
      held: false,
      started_at: sql<Date>`now()`,
      attempts: e("attempts", "+", 1),
    }))
    .where("event_id", "=", eventId)
    .where("status", "in", ["pending", "processing"])
    .returning([
      "event_id",
      "action",
      "repository_id",
      "full_name",
      "number",
      "head_sha",
      "attempts",
      "received_at",
    ])
    .executeTakeFirst();
}

/** How an event can end, other than by a posted review. */
export type EventEnd =
  | { readonly status: "completed" }
  | { readonly status: "superseded"; readonly reason: string }
  /** The end after the last attempt. The event is kept with its error, in words for people, and can be replayed. */
  | { readonly status: "failed"; readonly error: string };

/** Ends an event, and with it the review that it began, unless that was posted. */
export async function endEvent(db: Db, eventId: string, end: EventEnd): Promise<void> {
  const error = end.status === "failed" ? end.error : null;
  const reason = end.status === "superseded" ? end.reason : null;
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable("webhook_events")
      .set({ status: end.status, reason, error, finished_at: sql<Date>`now()` })
      .where("event_id", "=", eventId)
      .where("status", "in", ["pending", "processing"])
      .execute();
    if (end.status !== "completed") await endReviews(tx, eventId, end.status, error);
  });
}

/** Ends what an event began to review, unless it was posted. The event itself goes on. */
export async function endReviews(
  db: Db | Transaction<Database>,
  eventId: string,
  status: "superseded" | "failed",
  error: string | null,
): Promise<void> {
  await db
    .updateTable("reviews")
    .set({ status, error, finished_at: sql<Date>`now()` })
    .where("event_id", "=", eventId)
    .where("status", "!=", "posted")
    .execute();
}

/**
 * Puts an event that has to wait back among the waiting ones. The attempt does not count.
 * @param reason in words for people.
 */
export async function parkEvent(db: Db, eventId: string, reason: string): Promise<void> {
  await db
    .updateTable("webhook_events")
    .set((e) => ({ status: "pending", reason, attempts: e("attempts", "-", 1) }))
    .where("event_id", "=", eventId)
    .where("status", "=", "processing")
    .execute();
}

/** The same for one that was not begun, or whose attempt counts. */
export async function putBack(db: Db, eventId: string, reason: string): Promise<void> {
  await db
    .updateTable("webhook_events")
    .set({ status: "pending", held: false, reason })
    .where("event_id", "=", eventId)
    .where("status", "in", ["pending", "processing"])
    .execute();
}

/** The payload as it came; null where it has expired. */
export async function readPayload(db: Db, eventId: string): Promise<unknown> {
  const row = await db
    .selectFrom("webhook_events")
    .select("payload")
    .where("event_id", "=", eventId)
    .executeTakeFirst();
  return row?.payload ? JSON.parse(row.payload.toString()) : null;
}

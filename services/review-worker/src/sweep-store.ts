import type { Db, WebhookEventRow } from "@nectr/db";
import { sql } from "kysely";

/** An event that is not finished and that the queue may have lost. */
export interface UnfinishedEvent {
  readonly eventId: string;
  readonly repositoryId: number;
  readonly action: string;
}

/**
 * Events that were stored but not enqueued within a few seconds, and those whose job should long have been heard of.
 * Enqueueing one again that the queue still holds changes nothing. One that is held, and not for the queue to count its
 * attempts, is not the queue's.
 */
export async function findUnfinishedEvents(db: Db, limit: number): Promise<UnfinishedEvent[]> {
  const rows = await db
    .selectFrom("webhook_events")
    .select(["event_id", "repository_id", "action"])
    .where("status", "in", ["pending", "processing"])
    .where((e) => e.not(e.and([e("held", "=", true), e("attempts", "=", 0), e("status", "=", "pending")])))
    .where((e) =>
      e.or([
        e("enqueued_at", "<", sql<Date>`now() - interval '1 minute'`),
        e.and([e("enqueued_at", "is", null), e("received_at", "<", sql<Date>`now() - interval '5 seconds'`)]),
      ]),
    )
    // Those that were never enqueued first; the others in turn, so that many parked ones hide nobody.
    .orderBy("enqueued_at", (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute();
  return rows.flatMap(unfinished);
}

function unfinished(
  row: Pick<WebhookEventRow, "event_id" | "repository_id" | "action">,
): [UnfinishedEvent] | [] {
  const { event_id: eventId, repository_id: repositoryId, action } = row;
  return repositoryId === null || action === null ? [] : [{ eventId, repositoryId, action }];
}

/**
 * Events that wait for a token, and for which there may be one again: somebody who is connected has signed in, or has
 * connected, since they were last looked at.
 * @param reason by which they are known.
 */
export async function findAwaitedEvents(db: Db, reason: string, limit: number): Promise<UnfinishedEvent[]> {
  const rows = await db
    .selectFrom("webhook_events")
    .select(["event_id", "repository_id", "action"])
    .where("status", "=", "pending")
    .where("reason", "=", reason)
    .where((e) =>
      e.exists(
        e
          .selectFrom("installations")
          .innerJoin("users", "users.id", "installations.user_id")
          .whereRef("installations.repository_id", "=", "webhook_events.repository_id")
          .where("installations.active", "=", true)
          .where("users.token_state", "=", "active")
          .where(
            sql<boolean>`greatest(users.updated_at, installations.updated_at)
              > greatest(webhook_events.started_at, webhook_events.enqueued_at)`,
          ),
      ),
    )
    .orderBy("event_id")
    .limit(limit)
    .execute();
  return rows.flatMap(unfinished);
}

/** How long things are kept after they have served. */
const payloadDays = 7;
const eventDays = 30;

/** Removes what nobody needs any more. @returns how many events went. */
export async function removeExpired(db: Db): Promise<number> {
  for (const table of ["event_keys", "review_places", "oauth_states", "sign_in_links", "sessions"] as const) {
    await db
      .deleteFrom(table)
      .where("expires_at", "<", sql<Date>`now()`)
      .execute();
  }
  await db
    .updateTable("webhook_events")
    .set({ payload: null })
    .where("status", "in", ["completed", "superseded"])
    .where("payload", "is not", null)
    .where("finished_at", "<", daysAgo(payloadDays))
    .execute();
  await db.deleteFrom("redeliveries").where("asked_at", "<", daysAgo(eventDays)).execute();
  const { numDeletedRows } = await db
    .deleteFrom("webhook_events")
    .where("status", "not in", ["pending", "processing"])
    .where("received_at", "<", daysAgo(eventDays))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function daysAgo(days: number) {
  return sql<Date>`now() - make_interval(days => ${days})`;
}

import type { Db } from "@nectr/db";
import { sql } from "kysely";

/** An event that is not finished and that the queue may have lost. */
export interface UnfinishedEvent {
  readonly eventId: string;
  readonly repositoryId: number;
  readonly action: string;
}

/**
 * Events that were stored but not enqueued within a few seconds, and those whose job should long have been heard of.
 * Enqueueing one again that the queue still holds changes nothing.
 */
export async function findUnfinishedEvents(db: Db, limit: number): Promise<UnfinishedEvent[]> {
  const rows = await db
    .selectFrom("webhook_events")
    .select(["event_id", "repository_id", "action"])
    .where("status", "in", ["pending", "processing"])
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
  return rows.flatMap(({ event_id, repository_id, action }) =>
    repository_id === null || action === null
      ? []
      : [{ eventId: event_id, repositoryId: repository_id, action }],
  );
}

/** How long things are kept after they have served. */
const payloadDays = 7;
const eventDays = 30;

/** Removes what nobody needs any more. @returns how many events went. */
export async function removeExpired(db: Db): Promise<number> {
  for (const table of ["event_keys", "oauth_states", "sign_in_links", "sessions"] as const) {
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

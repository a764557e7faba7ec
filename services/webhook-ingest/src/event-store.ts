import type { Database, Db } from "@nectr/db";
import { type RawBuilder, sql, type Transaction } from "kysely";
import { type Arrival, identicalEvent, knownDelivery, storedAs, type StoredEvent } from "./arrival.ts";

/**
 * Stores a delivery, once. A redelivery of one that failed arms it again; of any other it is a duplicate. Of events
 * that ask for a review, an identical one (repository, number, head, action) within an hour is a duplicate too,
 * unless the earlier one failed, or the pull request had another head since (a head can come back). All of it is one
 * transaction: after a crash there is the whole or nothing.
 *
 * `storeBatch` does the same for many at once, as long as nothing has to be taken over from an earlier event.
 */
export async function storeEvent(db: Db, arrival: Arrival): Promise<StoredEvent> {
  return await db.transaction().execute(async (tx): Promise<StoredEvent> => {
    const eventId = await insertOrRearm(tx, arrival);
    if (eventId === undefined) {
      return { status: "duplicate", eventId: await findByDelivery(tx, arrival), reason: knownDelivery };
    }
    const first = arrival.key === undefined ? eventId : await takeKey(tx, arrival, arrival.key, eventId);
    if (first !== eventId) return await markDuplicate(tx, eventId, first);
    return storedAs(eventId, arrival);
  });
}

/** The row's id, or undefined where the same delivery is there already and did not fail. */
async function insertOrRearm(tx: Transaction<Database>, arrival: Arrival): Promise<string | undefined> {
  const ignored = arrival.reason !== null;
  const row = await tx
    .insertInto("webhook_events")
    .values({
      hook_id: arrival.hookId,
      delivery_guid: arrival.guid,
      event: arrival.name,
      action: arrival.action,
      repository_id: arrival.repositoryId,
      full_name: arrival.fullName,
      number: arrival.number,
      head_sha: arrival.headSha,
      status: ignored ? "ignored" : "pending",
      reason: arrival.reason,
      payload: arrival.payload === null ? null : Buffer.from(arrival.payload),
      finished_at: ignored ? sql<Date>`now()` : null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(["hook_id", "delivery_guid"])
        .doUpdateSet({ status: "pending", error: null, attempts: 0, enqueued_at: null, finished_at: null })
        .where("webhook_events.status", "=", "failed"),
    )
    .returning("event_id")
    .executeTakeFirst();
  return row?.event_id;
}

async function findByDelivery(tx: Transaction<Database>, { hookId, guid }: Arrival): Promise<string> {
  const row = await tx
    .selectFrom("webhook_events")
    .select("event_id")
    .where("hook_id", "=", hookId)
    .where("delivery_guid", "=", guid)
    .executeTakeFirstOrThrow();
  return row.event_id;
}

/**
 * Takes the event's key where it is free.
 *
 * Of two at once the second waits here for the first to commit, and then asks about an event that its snapshot may
 * not show yet. Hence "exists one that ended so" and not "exists none that is alive": unseen means duplicate.
 * @returns the event that holds the key now.
 */
async function takeKey(
  tx: Transaction<Database>,
  { repositoryId, number, headSha }: Arrival,
  key: string,
  eventId: string,
): Promise<string> {
  const free = keyIsFree({
    repositoryId: sql`${repositoryId}::bigint`,
    number: sql`${number}::integer`,
    headSha: sql`${headSha}::text`,
  });
  const taken = await tx
    .insertInto("event_keys")
    .values({ key, event_id: eventId, expires_at: sql`now() + interval '1 hour'` })
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet((e) => ({
          event_id: e.ref("excluded.event_id"),
          expires_at: e.ref("excluded.expires_at"),
        }))
        .where(free),
    )
    .returning("event_id")
    .executeTakeFirst();
  if (taken !== undefined) return taken.event_id;
  const held = await tx
    .selectFrom("event_keys")
    .select("event_id")
    .where("key", "=", key)
    .executeTakeFirstOrThrow();
  return held.event_id;
}

/**
 * SQL for: the row of `event_keys` is expired, or its event failed or was superseded, or another head of the pull
 * request came after it.
 */
export function keyIsFree(event: {
  readonly repositoryId: RawBuilder<unknown>;
  readonly number: RawBuilder<unknown>;
  readonly headSha: RawBuilder<unknown>;
}): RawBuilder<boolean> {
  // No key is older than an hour; so the index of a repository's events by time is enough.
  return sql<boolean>`(
    event_keys.expires_at < now()
    or exists (
      select from webhook_events as holder
      where holder.event_id = event_keys.event_id and holder.status in ('failed', 'superseded'))
    or exists (
      select from webhook_events as later
      where later.event_id > event_keys.event_id
        and later.repository_id = ${event.repositoryId}
        and later.received_at > now() - interval '1 hour'
        and later.number = ${event.number}
        and later.head_sha <> ${event.headSha}))`;
}

async function markDuplicate(
  tx: Transaction<Database>,
  eventId: string,
  first: string,
): Promise<StoredEvent> {
  await tx
    .updateTable("webhook_events")
    .set({
      status: "duplicate",
      duplicate_of: first,
      reason: identicalEvent,
      payload: null,
      finished_at: sql<Date>`now()`,
    })
    .where("event_id", "=", eventId)
    .execute();
  return { status: "duplicate", eventId: first, reason: identicalEvent };
}

import type { Database, Db } from "@nectr/db";
import type { WebhookEvent } from "@nectr/github";
import { sql, type Transaction } from "kysely";
import type { Delivery } from "./delivery.ts";
import type { VerifiedEvent } from "./verify-delivery.ts";

/** What became of a delivery. */
export type StoredEvent =
  | QueuedEvent
  /** `eventId` is the first one's. */
  | { readonly status: "duplicate"; readonly eventId: string; readonly reason: string }
  | { readonly status: "ignored"; readonly eventId: string; readonly reason: string };

/** An event that a job shall work on, with what its queue needs to know. */
export interface QueuedEvent {
  readonly status: "queued";
  readonly eventId: string;
  readonly reason?: never;
  readonly repositoryId: number;
  readonly action: string;
}

type ReviewEvent = Extract<WebhookEvent, { kind: "review" }>;

/**
 * Stores a delivery, once. A redelivery of one that failed arms it again; of any other it is a duplicate. Of events
 * that ask for a review, an identical one (repository, number, head, action) within an hour is a duplicate too,
 * unless the earlier one failed, or the pull request had another head since (a head can come back). All of it is one
 * transaction: after a crash there is the whole or nothing.
 */
export async function storeEvent(db: Db, delivery: Delivery, verified: VerifiedEvent): Promise<StoredEvent> {
  const { event } = verified;
  return await db.transaction().execute(async (tx): Promise<StoredEvent> => {
    const eventId = await insertOrRearm(tx, delivery, verified);
    if (eventId === undefined) {
      const first = await findByDelivery(tx, delivery);
      return { status: "duplicate", eventId: first, reason: "this delivery was received before" };
    }
    if (event.kind === "ignored") return { status: "ignored", eventId, reason: event.reason };

    const first = event.kind === "review" && hasKey(event) ? await takeKey(tx, event, eventId) : eventId;
    if (first !== eventId) return await markDuplicate(tx, eventId, first);
    return { status: "queued", eventId, repositoryId: event.repositoryId, action: event.action };
  });
}

/** The row's id, or undefined where the same delivery is there already and did not fail. */
async function insertOrRearm(
  tx: Transaction<Database>,
  delivery: Delivery,
  { name, event, json }: VerifiedEvent,
): Promise<string | undefined> {
  const ignored = event.kind === "ignored";
  const row = await tx
    .insertInto("webhook_events")
    .values({
      hook_id: delivery.hookId ?? 0,
      delivery_guid: delivery.guid,
      event: name,
      action: event.action ?? null,
      repository_id: event.repositoryId ?? null,
      full_name: event.fullName ?? null,
      number: ignored ? null : event.number,
      head_sha: ignored ? null : event.headSha,
      status: ignored ? "ignored" : "pending",
      reason: ignored ? event.reason : null,
      payload: ignored ? null : Buffer.from(json),
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

async function findByDelivery(tx: Transaction<Database>, delivery: Delivery): Promise<string> {
  const row = await tx
    .selectFrom("webhook_events")
    .select("event_id")
    .where("hook_id", "=", delivery.hookId ?? 0)
    .where("delivery_guid", "=", delivery.guid)
    .executeTakeFirstOrThrow();
  return row.event_id;
}

/** A base can change to and fro on one head: of such events each counts. */
function hasKey(event: ReviewEvent): boolean {
  return event.action !== "edited";
}

/**
 * Takes the event's key where it is free, expired, or held by an event that failed or was superseded, or that another
 * head came after.
 *
 * Of two at once the second waits here for the first to commit, and then asks about an event that its snapshot may
 * not show yet. Hence "exists one that ended so" and not "exists none that is alive": unseen means duplicate.
 * @returns the event that holds the key now.
 */
async function takeKey(tx: Transaction<Database>, event: ReviewEvent, eventId: string): Promise<string> {
  const key = [event.repositoryId, event.number, event.headSha, event.action].join("/");
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
        .where((e) =>
          e.or([
            e("event_keys.expires_at", "<", sql<Date>`now()`),
            e.exists(
              e
                .selectFrom("webhook_events")
                .whereRef("webhook_events.event_id", "=", "event_keys.event_id")
                .where("webhook_events.status", "in", ["failed", "superseded"]),
            ),
            e.exists(
              e
                .selectFrom("webhook_events")
                .whereRef("webhook_events.event_id", ">", "event_keys.event_id")
                .where("webhook_events.repository_id", "=", event.repositoryId)
                // No key is older; so the index of a repository's events by time is enough.
                .where("webhook_events.received_at", ">", sql<Date>`now() - interval '1 hour'`)
                .where("webhook_events.number", "=", event.number)
                .where("webhook_events.head_sha", "!=", event.headSha),
            ),
          ]),
        ),
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

async function markDuplicate(
  tx: Transaction<Database>,
  eventId: string,
  first: string,
): Promise<StoredEvent> {
  const reason = "an identical event was received within the hour";
  await tx
    .updateTable("webhook_events")
    .set({ status: "duplicate", duplicate_of: first, reason, payload: null, finished_at: sql<Date>`now()` })
    .where("event_id", "=", eventId)
    .execute();
  return { status: "duplicate", eventId: first, reason };
}

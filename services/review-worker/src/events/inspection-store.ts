import type { Db, ReviewRow, WebhookEventRow } from "@nectr/db";
import { sql } from "kysely";

/** An event as an operator sees it: all of its row but what GitHub sent. What it waits for is its reason. */
export type EventFacts = Omit<WebhookEventRow, "payload" | "held">;

const facts = [
  "event_id",
  "hook_id",
  "delivery_guid",
  "event",
  "action",
  "repository_id",
  "full_name",
  "number",
  "head_sha",
  "status",
  "reason",
  "duplicate_of",
  "attempts",
  "error",
  "received_at",
  "enqueued_at",
  "started_at",
  "finished_at",
] as const;

/** The review that an event led to. */
export type ReviewFacts = Pick<
  ReviewRow,
  "id" | "status" | "generation" | "verdict" | "url" | "error" | "created_at" | "finished_at"
>;

/** Newest first. A repository is found under its present name, and under the one that an event has for it. */
export async function listEvents(
  db: Db,
  wanted: {
    readonly statuses: readonly WebhookEventRow["status"][];
    readonly repository: string | undefined;
    readonly limit: number;
  },
): Promise<EventFacts[]> {
  const { statuses, repository, limit } = wanted;
  let query = db.selectFrom("webhook_events").select(facts);
  if (statuses.length > 0) query = query.where("status", "in", statuses);
  if (repository !== undefined) {
    const name = repository.toLowerCase();
    query = query.where((e) =>
      e.or([
        e(sql`lower(webhook_events.full_name)`, "=", name),
        e(
          "repository_id",
          "in",
          e
            .selectFrom("repositories")
            .select("id")
            .where(sql`lower(full_name)`, "=", name),
        ),
      ]),
    );
  }
  return await query.orderBy("event_id", "desc").limit(limit).execute();
}

/** How an event stands; undefined where there is none. */
export async function findEvent(db: Db, eventId: string): Promise<EventFacts | undefined> {
  return await db
    .selectFrom("webhook_events")
    .select(facts)
    .where("event_id", "=", eventId)
    .executeTakeFirst();
}

export async function findReviewOf(db: Db, eventId: string): Promise<ReviewFacts | undefined> {
  return await db
    .selectFrom("reviews")
    .select(["id", "status", "generation", "verdict", "url", "error", "created_at", "finished_at"])
    .where("event_id", "=", eventId)
    .orderBy("created_at", "desc")
    .executeTakeFirst();
}

/** The ids of those that failed, oldest first. @param sinceSeconds only those that failed so recently. */
export async function listFailed(db: Db, sinceSeconds: number | undefined): Promise<string[]> {
  let query = db.selectFrom("webhook_events").select("event_id").where("status", "=", "failed");
  if (sinceSeconds !== undefined) {
    query = query.where("finished_at", ">=", sql<Date>`now() - make_interval(secs => ${sinceSeconds})`);
  }
  const rows = await query.orderBy("event_id").execute();
  return rows.map(({ event_id: eventId }) => eventId);
}

/**
 * Arms a failed event again, as a redelivery of it would.
 * @returns undefined where it is not failed.
 */
export async function rearmEvent(
  db: Db,
  eventId: string,
): Promise<Pick<WebhookEventRow, "repository_id" | "action"> | undefined> {
  return await db
    .updateTable("webhook_events")
    .set({
      status: "pending",
      reason: null,
      error: null,
      attempts: 0,
      enqueued_at: null,
      finished_at: null,
    })
    .where("event_id", "=", eventId)
    .where("status", "=", "failed")
    .returning(["repository_id", "action"])
    .executeTakeFirst();
}

import { sql } from "kysely";
import type { Db } from "./connect.ts";

/**
 * How many events of a repository wait for a worker. As a queue priority it puts a busy repository's next event
 * behind a quiet one's.
 * @param repositoryId GitHub's id.
 */
export async function countWaitingEvents(db: Db, repositoryId: number): Promise<number> {
  const { count } = await db
    .selectFrom("webhook_events")
    .select((e) => e.fn.countAll<number>().as("count"))
    .where("repository_id", "=", repositoryId)
    .where("status", "=", "pending")
    .executeTakeFirstOrThrow();
  return count;
}

/** Notes that the queue holds the event, so that the sweep leaves it alone for a while. */
export async function markEnqueued(db: Db, eventId: string): Promise<void> {
  await db
    .updateTable("webhook_events")
    .set({ enqueued_at: sql<Date>`now()` })
    .where("event_id", "=", eventId)
    .execute();
}

import { sql } from "kysely";
import type { Db } from "./connect.ts";

/**
 * Counting on would cost more the longer the queue is. Of two hundred events that are enqueued together the first still
 * has a hundred before it.
 */
const countedAtMost = 300;

/**
 * How many events of each repository wait for a worker, 300 at most. As a queue priority it puts a busy repository's
 * next event behind a quiet one's.
 * @param repositoryIds GitHub's ids. One that has nothing waiting is not in the answer.
 */
async function countWaitingOf(
  db: Db,
  repositoryIds: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ id: number; waiting: number }>`
    select id, count(*) as waiting
    from unnest(${repositoryIds}::bigint[]) as id,
      lateral (
        select from webhook_events
        where repository_id = id and status = 'pending' limit ${sql.lit(countedAtMost)}
      ) as event
    group by id`.execute(db);
  return new Map(rows.map(({ id, waiting }) => [id, waiting]));
}

/** Notes that the queue holds these events, so that the sweep leaves them alone for a while. */
async function markAllEnqueued(db: Db, eventIds: readonly string[]): Promise<void> {
  await db
    .updateTable("webhook_events")
    .set({ enqueued_at: sql<Date>`now()` })
    .where("event_id", "=", sql<string>`any(${eventIds}::uuid[])`)
    .execute();
}

/** Where events are stored, for whoever gives them to the queue. */
export function eventRecords(db: Db) {
  return {
    countWaiting: (repositoryIds: readonly number[]) => countWaitingOf(db, repositoryIds),
    markEnqueued: (eventIds: readonly string[]) => markAllEnqueued(db, eventIds),
  };
}

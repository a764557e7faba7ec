import { sql } from "kysely";
import type { Db } from "./connect.ts";

/**
 * From here on a repository's events are all as far behind. A repository with less waiting is ahead of it anyway, and
 * counting on would cost more the longer the queue is.
 */
const countedAtMost = 100;

/**
 * How many events of a repository wait for a worker, 100 at most. As a queue priority it puts a busy repository's
 * next event behind a quiet one's.
 * @param repositoryId GitHub's id.
 */
export async function countWaitingEvents(db: Db, repositoryId: number): Promise<number> {
  return (await countWaitingOf(db, [repositoryId])).get(repositoryId) ?? 0;
}

/** The same for several repositories, by their ids. One that has nothing waiting is not among them. */
export async function countWaitingOf(
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

/** Notes that the queue holds the event, so that the sweep leaves it alone for a while. */
export async function markEnqueued(db: Db, eventId: string): Promise<void> {
  await markAllEnqueued(db, [eventId]);
}

/** The same for several events. */
export async function markAllEnqueued(db: Db, eventIds: readonly string[]): Promise<void> {
  await db
    .updateTable("webhook_events")
    .set({ enqueued_at: sql<Date>`now()` })
    .where("event_id", "=", sql<string>`any(${eventIds}::uuid[])`)
    .execute();
}

import type { Db } from "@nectr/db";
import { sql } from "kysely";
import type { EventRow } from "./event-store.ts";

/**
 * The event of the pull request that goes on with this head, so that this one need not: the last that speaks of it. One
 * that came before does so only while it is still to be done.
 */
export async function findSuccessor(db: Db, event: EventRow, headSha: string): Promise<string | undefined> {
  const row = await ofPullRequest(db, event)
    .where("head_sha", "=", headSha)
    .where("action", "!=", "closed")
    .where((e) =>
      e.or([
        e("status", "in", ["pending", "processing"]),
        e.and([e("event_id", ">", event.event_id), e("status", "=", "completed")]),
      ]),
    )
    .executeTakeFirst();
  return row?.event_id;
}

/** The last closing of the pull request that was received. */
export async function findClosing(db: Db, event: EventRow): Promise<string | undefined> {
  const row = await ofPullRequest(db, event)
    .where("action", "=", "closed")
    .where("status", "in", ["pending", "processing", "completed"])
    .executeTakeFirst();
  return row?.event_id;
}

function ofPullRequest(db: Db, event: EventRow) {
  return db
    .selectFrom("webhook_events")
    .select("event_id")
    .where("repository_id", "=", event.repository_id)
    .where("number", "=", event.number)
    .where("event_id", "!=", event.event_id)
    .orderBy("event_id", "desc")
    .limit(1);
}

/**
 * Ends the waiting events of a pull request that were received before another, and the reviews that they began. Their
 * jobs then find nothing to do.
 * @param stale.exceptHead those that speak of this head go on.
 * @returns how many events there were.
 */
export async function endStaleEvents(
  db: Db,
  event: Pick<EventRow, "repository_id" | "number">,
  stale: { readonly before: string; readonly exceptHead: string | undefined; readonly reason: string },
): Promise<number> {
  const { repository_id: repositoryId, number } = event;
  // Whom another worker is just taking, or enqueueing, is left to it: so nobody waits for anybody in a circle.
  const { rows } = await sql`
    with stale as (
      select event_id from webhook_events
      where repository_id = ${repositoryId} and number = ${number} and status = 'pending'
        and event_id < ${stale.before} and action <> 'closed'
        and head_sha is distinct from ${stale.exceptHead ?? null}
      for update skip locked
    ), ended as (
      update webhook_events set status = 'superseded', reason = ${stale.reason}, error = null, finished_at = now()
      where event_id in (select event_id from stale) returning event_id
    ), reviews_ended as (
      update reviews set status = 'superseded', error = null, finished_at = now()
      where repository_id = ${repositoryId} and number = ${number} and status <> 'posted'
        and event_id in (select event_id from ended)
    )
    select from ended`.execute(db);
  return rows.length;
}

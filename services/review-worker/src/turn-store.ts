import type { Database, Db } from "@nectr/db";
import { sql, type Transaction } from "kysely";
import { type EventRow, startEvent } from "./event-store.ts";
import {
  type Bounds,
  givePlaceBack,
  lock,
  lockPlaces,
  type PlaceGrant,
  servingUser,
  takePlace,
} from "./place-store.ts";
import type { UnfinishedEvent } from "./sweep-store.ts";

/** An event whose job has come up, and what bears upon whether it is worked on now. */
export interface UpcomingEvent {
  readonly eventId: string;
  readonly repositoryId: number;
  readonly userId: number;
  /** Those that count: of one that was only parked there are none. */
  readonly attempts: number;
  readonly receivedAt: Date;
  /** A later event of the pull request, of another head, waits as well. */
  readonly overtaken: boolean;
  /** For how many seconds it may not be the last of a row of pushes; 0: there is no such row, or it is over. */
  readonly unsettledSeconds: number;
}

/**
 * @param settleSeconds after which the last of several pushes in a row is the last.
 * @returns undefined where the event has reached its end.
 */
export async function findUpcoming(
  db: Db,
  eventId: string,
  settleSeconds: number,
): Promise<UpcomingEvent | undefined> {
  const settle = sql`make_interval(secs => ${settleSeconds})`;
  const { rows } = await sql<UpcomingEvent>`
    select event_id as "eventId", coalesce(repository_id, 0) as "repositoryId", attempts, received_at as "receivedAt",
      ${servingUser("event.repository_id")} as "userId",
      exists (
        select from webhook_events as later
        where later.repository_id = event.repository_id and later.number = event.number and later.status = 'pending'
          and later.event_id > event.event_id and later.head_sha <> event.head_sha and later.action <> 'closed'
      ) as overtaken,
      case when received_at > now() - ${settle} and exists (
        select from webhook_events as earlier
        where earlier.repository_id = event.repository_id and earlier.received_at > event.received_at - ${settle}
          and earlier.number = event.number and earlier.event_id < event.event_id
          and earlier.head_sha <> event.head_sha and earlier.action <> 'closed'
      ) then extract(epoch from received_at + ${settle} - now()) else 0 end as "unsettledSeconds"
    from webhook_events as event
    where event_id = ${eventId} and status in ('pending', 'processing')`.execute(db);
  return rows[0];
}

/** What came of the wish to begin. */
export type Beginning =
  | { readonly kind: "begun"; readonly event: EventRow; readonly place: PlaceGrant }
  /** All places are taken; `queued`: its job has to stay in the queue. */
  | { readonly kind: "full"; readonly queued: boolean }
  | { readonly kind: "ended" };

/**
 * Begins to work on an event where a place of its repository and of its user is free; else it is held. One of which an
 * attempt has failed keeps its job, because the queue counts the attempts.
 */
export async function beginOrHold(
  db: Db,
  upcoming: UpcomingEvent,
  { bounds, leaseSeconds, reason }: { bounds: Bounds; leaseSeconds: number; reason: string },
): Promise<Beginning> {
  const { eventId } = upcoming;
  return await db.transaction().execute(async (tx): Promise<Beginning> => {
    await lockPlaces(tx, upcoming);
    const place = await takePlace(tx, upcoming, bounds, leaseSeconds);
    if (place === undefined) return await hold(tx, eventId, reason);
    const event = await startEvent(tx, eventId);
    if (event !== undefined) return { kind: "begun", event, place };
    await givePlaceBack(tx, place);
    return { kind: "ended" };
  });
}

async function hold(tx: Transaction<Database>, eventId: string, reason: string): Promise<Beginning> {
  const row = await tx
    .updateTable("webhook_events")
    .set({ status: "pending", held: true, reason })
    .where("event_id", "=", eventId)
    .where("status", "in", ["pending", "processing"])
    .returning("attempts")
    .executeTakeFirst();
  return row === undefined ? { kind: "ended" } : { kind: "full", queued: row.attempts > 0 };
}

/**
 * Gives a place back. Whoever is about to hold an event for want of it has done so by then, or sees that it is free.
 * @returns whether events are held.
 */
export async function freePlace(db: Db, place: PlaceGrant): Promise<boolean> {
  return await db.transaction().execute(async (tx) => {
    await lockPlaces(tx, place);
    await givePlaceBack(tx, place);
    const held = await tx
      .selectFrom("webhook_events")
      .select("event_id")
      .where("held", "=", sql.lit(true))
      .where("status", "=", sql.lit("pending"))
      .orderBy("repository_id")
      .limit(1)
      .executeTakeFirst();
    return held !== undefined;
  });
}

/**
 * Releases held events for which there are places: of each repository the oldest, first those of whom the least run.
 * The queue must be given them. For one whose job is in the queue its place is left free.
 * @param limit how many at most.
 */
export async function releaseHeld(
  db: Db,
  { perRepository, perUser }: Bounds,
  limit: number,
): Promise<UnfinishedEvent[]> {
  return await db.transaction().execute(async (tx) => {
    // Of two at once the second sees what the first has left.
    await lock(tx, "held events");
    const { rows } = await sql<UnfinishedEvent>`
      with recursive waiting (repository_id) as (
        (select repository_id from webhook_events where held and status = 'pending' order by repository_id limit 1)
        union all
        select (
          select event.repository_id from webhook_events as event
          where event.held and event.status = 'pending' and event.repository_id > waiting.repository_id
          order by event.repository_id limit 1)
        from waiting where waiting.repository_id is not null
      ), running as (
        select repository_id, user_id from review_places where expires_at > now()
      ), served as materialized (
        select repository_id, ${servingUser("waiting.repository_id")} as user_id,
          (select count(*) from running where running.repository_id = waiting.repository_id) as places
        from waiting where repository_id is not null
      ), line as (
        select event.event_id, event.attempts, served.user_id,
          served.places + row_number() over (partition by served.repository_id order by event.event_id) as place
        from served cross join lateral (
          select event_id, attempts from webhook_events
          where held and status = 'pending' and repository_id = served.repository_id
          order by event_id limit greatest(${perRepository} - served.places, 0)
        ) as event
      ), ranked as (
        select *, row_number() over (partition by user_id order by place, event_id)
          + (select count(*) from running where running.user_id = line.user_id) as user_place
        from line
      ), next as (
        select event_id, attempts from ranked where user_place <= ${perUser} order by place, event_id limit ${limit}
      )
      update webhook_events set held = false, enqueued_at = null
      where event_id in (
        select event.event_id from webhook_events as event join next on next.event_id = event.event_id
        where next.attempts = 0 and event.held and event.status = 'pending' for update of event skip locked)
      returning event_id as "eventId", repository_id as "repositoryId", action`.execute(tx);
    return [...rows];
  });
}

/** The event, where it waits and should be in the queue. */
export async function findReleased(db: Db, eventId: string): Promise<UnfinishedEvent[]> {
  return await db
    .selectFrom("webhook_events")
    .select(["event_id as eventId", "repository_id as repositoryId", "action"])
    .where("event_id", "=", eventId)
    .where("status", "=", "pending")
    .where("held", "=", false)
    .$narrowType<{ repositoryId: number; action: string }>()
    .execute();
}

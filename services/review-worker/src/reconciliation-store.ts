import type { Db } from "@nectr/db";
import { sql } from "kysely";
import type { Asked, KnownDelivery, MissingDelivery } from "./jobs/decide-redeliveries.ts";
import type { PolledRepository } from "./poll-store.ts";

/** A repository with a webhook. */
export interface HookedRepository extends PolledRepository {
  readonly hookId: number;
  /** Before it nothing is outstanding; undefined: never looked. */
  readonly cursor: Date | undefined;
}

/** Any number, ours alone. */
const lock = 8_112_021;

/**
 * Does `work` unless another worker does it at this moment. The lock ends with its connection, so that a worker that was
 * killed keeps nobody out.
 * @param locks a pool for what waits.
 */
export async function withReconciliationLock(locks: Db, work: () => Promise<void>): Promise<void> {
  await locks.transaction().execute(async (tx) => {
    const { rows } = await sql<{ ours: boolean }>`select pg_try_advisory_xact_lock(${lock}) as ours`.execute(
      tx,
    );
    if (rows[0]?.ours === true) await work();
  });
}

/** Those whose turn has come, the longest overdue first. */
export async function listDueRepositories(db: Db): Promise<HookedRepository[]> {
  const rows = await db
    .selectFrom("repositories")
    .innerJoin("installations", "installations.repository_id", "repositories.id")
    .select((e) => [
      "repositories.id as id",
      "repositories.full_name as fullName",
      "repositories.hook_id as hookId",
      "repositories.delivery_cursor as cursor",
      e.fn.min("installations.created_at").as("connectedAt"),
    ])
    .where("repositories.reconcile_at", "<=", sql<Date>`now()`)
    .where("repositories.hook_id", "is not", null)
    .where("installations.active", "=", true)
    .groupBy("repositories.id")
    .orderBy("repositories.reconcile_at")
    .orderBy("repositories.id")
    .execute();
  return rows.flatMap(({ hookId, cursor, ...repository }) =>
    hookId === null
      ? []
      : [{ ...repository, hookId, cursor: cursor === null ? undefined : new Date(cursor) }],
  );
}

/** What is known of a hook's deliveries, of those that are known at all. */
export async function findKnownDeliveries(
  db: Db,
  hookId: number,
  guids: readonly string[],
): Promise<KnownDelivery[]> {
  const { rows } = await sql<KnownRow>`
    select guid, event_id, status = 'failed' as failed, finished_at, redeliveries.attempts, asked_at
    from unnest(${guids}::text[]) as guid
      left join webhook_events on webhook_events.hook_id = ${hookId} and webhook_events.delivery_guid = guid
      left join redeliveries on redeliveries.hook_id = ${hookId} and redeliveries.delivery_guid = guid`.execute(
    db,
  );
  return rows.map((row) => ({
    guid: row.guid,
    stored: row.event_id === null ? undefined : { failed: row.failed ?? false, finishedAt: row.finished_at },
    asked: row.asked_at === null ? undefined : { attempts: row.attempts ?? 0, at: row.asked_at },
  }));
}

interface KnownRow {
  readonly guid: string;
  readonly event_id: string | null;
  readonly failed: boolean | null;
  readonly finished_at: Date | null;
  readonly attempts: number | null;
  readonly asked_at: Date | null;
}

/** When something last arrived from the hook, whatever it was. */
export async function lastHeard(db: Db, { id, hookId }: HookedRepository): Promise<Date | undefined> {
  const event = await db
    .selectFrom("webhook_events")
    .select("received_at")
    .where("repository_id", "=", id)
    .where("hook_id", "=", hookId)
    .orderBy("received_at", "desc")
    .limit(1)
    .executeTakeFirst();
  return event?.received_at;
}

/** How many redeliveries were asked for in the user's name within the hour, by whichever worker. */
export async function countAsked(db: Db, userId: number | undefined): Promise<number> {
  const { asked } = await db
    .selectFrom("redeliveries")
    .select((e) => e.fn.countAll<number>().as("asked"))
    .where("asked_by", userId === undefined ? "is" : "=", userId ?? null)
    .where("asked_at", ">", sql<Date>`now() - interval '1 hour'`)
    .executeTakeFirstOrThrow();
  return asked;
}

/** Notes that GitHub is about to be asked: a worker that dies over it must not ask twice. */
export async function noteAsked(
  db: Db,
  { id, hookId }: HookedRepository,
  { guid, deliveredAt }: MissingDelivery,
  { userId, attempts }: { userId: number | undefined; attempts: number },
): Promise<void> {
  const ask = { attempts, asked_by: userId ?? null, asked_at: sql<Date>`now()` };
  await db
    .insertInto("redeliveries")
    .values({ hook_id: hookId, delivery_guid: guid, repository_id: id, delivered_at: deliveredAt, ...ask })
    .onConflict((conflict) => conflict.columns(["hook_id", "delivery_guid"]).doUpdateSet(ask))
    .execute();
}

/** Takes that back where GitHub was not asked after all. */
export async function forgetAsked(
  db: Db,
  { hookId }: HookedRepository,
  guid: string,
  before: Asked | undefined,
): Promise<void> {
  const own = { hook_id: hookId, delivery_guid: guid };
  await (before === undefined
    ? db
        .deleteFrom("redeliveries")
        .where((e) => e.and(own))
        .execute()
    : db
        .updateTable("redeliveries")
        .set({ attempts: before.attempts, asked_at: before.at })
        .where((e) => e.and(own))
        .execute());
}

/** Notes how far the repository is, and when its next turn is. */
export async function saveTurn(
  db: Db,
  { id, cursor }: HookedRepository,
  turn: { readonly cursor?: Date; readonly complete: boolean; readonly nextInMs: number },
): Promise<void> {
  const forward = turn.cursor !== undefined && (cursor === undefined || turn.cursor > cursor);
  await db
    .updateTable("repositories")
    .set({
      ...(forward && { delivery_cursor: turn.cursor?.toISOString() ?? null }),
      ...(turn.complete && { reconciled_at: sql<Date>`now()` }),
      reconcile_at: sql<Date>`now() + make_interval(secs => ${turn.nextInMs / 1_000})`,
    })
    .where("id", "=", id)
    .execute();
}

/** A repository some of whose deliveries have arrived after all. */
export interface Recovery {
  readonly repositoryId: number;
  readonly fullName: string;
  readonly deliveries: number;
}

/**
 * Notes which of the redeliveries have arrived, each once. A repository of which none is on its way any more has its
 * next turn at once.
 * @param lostBefore what was asked for earlier is not on its way any more.
 */
export async function noteArrivals(db: Db, lostBefore: Date): Promise<Recovery[]> {
  const { rows } = await sql<Recovery>`
    with arrived as (
      update redeliveries set arrived_at = now()
      from webhook_events as event
      where redeliveries.arrived_at is null
        and event.hook_id = redeliveries.hook_id and event.delivery_guid = redeliveries.delivery_guid
        and (event.status <> 'failed' or event.finished_at > redeliveries.asked_at)
      returning redeliveries.hook_id, redeliveries.delivery_guid, redeliveries.repository_id),
    woken as (
      update repositories set reconcile_at = now()
      where id in (select repository_id from arrived)
        and not exists (
          select from redeliveries
          where repository_id = repositories.id and arrived_at is null
            and asked_at > ${lostBefore}
            and (hook_id, delivery_guid) not in (select hook_id, delivery_guid from arrived)))
    select repositories.id as "repositoryId", full_name as "fullName", count(*) as deliveries
    from arrived join repositories on repositories.id = arrived.repository_id
    group by repositories.id`.execute(db);
  return [...rows];
}

import type { Db } from "@nectr/db";
import { sql } from "kysely";
import { type Arrival, deliveryOf, identicalEvent } from "./arrival.ts";
import { keyIsFree } from "./event-store.ts";
import type { Known, NewRow } from "./plan-batch.ts";

// A batch goes as one parameter of JSON, so that a statement is the same text for any number of rows.

/** What is known of deliveries before they are stored, and an id for each, in one statement. */
export async function lookUp(db: Db, arrivals: readonly Arrival[]): Promise<Known[]> {
  const asked = arrivals.map(({ hookId, guid, key, repositoryId, number, headSha }, place) => ({
    place,
    hook_id: hookId,
    delivery_guid: guid,
    key,
    ...(key !== undefined && { repository_id: repositoryId, number, head_sha: headSha }),
  }));
  // By subqueries, which use the indexes however large the tables are said to be.
  const { rows } = await sql<LookedUp>`
    select arrived.place, uuidv7() as id,
      (select json_build_object('eventId', event_id, 'failed', status = 'failed') from webhook_events
        where hook_id = arrived.hook_id and delivery_guid = arrived.delivery_guid) as delivered,
      (select json_build_object('eventId', event_id, 'free', ${keyIsFree({
        repositoryId: sql.ref("arrived.repository_id"),
        number: sql.ref("arrived.number"),
        headSha: sql.ref("arrived.head_sha"),
      })}) from event_keys where key = arrived.key) as held
    from json_to_recordset(${JSON.stringify(asked)}) as arrived (
      place integer, hook_id bigint, delivery_guid text, key text, repository_id bigint, number integer, head_sha text)
    `.execute(db);
  // Ids grow with the arrivals, whatever order the rows came in.
  const ids = rows.map(({ id }) => id).toSorted();
  return rows
    .toSorted((a, b) => a.place - b.place)
    .map((row, index) => ({
      eventId: ids[index] ?? row.id,
      delivered: row.delivered ?? undefined,
      held: row.held ?? undefined,
    }));
}

interface LookedUp {
  readonly place: number;
  readonly id: string;
  readonly delivered: Known["delivered"] | null;
  readonly held: Known["held"] | null;
}

/**
 * Stores arrivals as new events, each with its key, all or none: it is one statement, and so one transaction.
 * @returns their ids, in their order.
 * @throws where one is not new in every respect (23505), or can't be stored.
 */
export async function insertNew(db: Db, arrivals: readonly Arrival[]): Promise<string[]> {
  const rows = arrivals.map((arrival) => ({
    eventId: null,
    arrival,
    duplicateOf: null,
    key: arrival.key ?? null,
  }));
  const ids = await insertRows(db, rows);
  return arrivals.map((arrival) => ids.get(deliveryOf(arrival)) ?? missing(arrival));
}

/** The same for what was planned. */
export async function insertPlanned(db: Db, rows: readonly NewRow[]): Promise<void> {
  if (rows.length > 0) await insertRows(db, rows);
}

type RowToInsert = Omit<NewRow, "eventId"> & { readonly eventId: string | null };

async function insertRows(db: Db, rows: readonly RowToInsert[]): Promise<Map<string, string>> {
  const values = rows.map(({ eventId, arrival, duplicateOf, key }) => ({
    given_id: eventId,
    hook_id: arrival.hookId,
    delivery_guid: arrival.guid,
    event: arrival.name,
    action: arrival.action,
    repository_id: arrival.repositoryId,
    full_name: arrival.fullName,
    number: arrival.number,
    head_sha: arrival.headSha,
    status: duplicateOf !== null ? "duplicate" : arrival.reason !== null ? "ignored" : "pending",
    reason: duplicateOf !== null ? identicalEvent : arrival.reason,
    duplicate_of: duplicateOf,
    key,
    payload: duplicateOf === null ? arrival.payload : null,
  }));
  // Ids grow in the order of arrival. Rows and keys go in sorted, so that two processes that store the same ones wait for
  // each other in one order.
  const { rows: stored } = await sql<{ event_id: string; hook_id: number; delivery_guid: string }>`
    with arrived as materialized (
      select coalesce(given_id, uuidv7()) as event_id, arrived.*
      from json_to_recordset(${JSON.stringify(values)}) as arrived (
        given_id uuid, hook_id bigint, delivery_guid text, event text, action text, repository_id bigint, full_name text,
        number integer, head_sha text, status text, reason text, duplicate_of uuid, key text, payload text)
    ), keys as (
      insert into event_keys (key, event_id, expires_at)
      select key, event_id, now() + interval '1 hour' from arrived where key is not null order by key
    )
    insert into webhook_events (event_id, hook_id, delivery_guid, event, action, repository_id, full_name, number,
      head_sha, status, reason, duplicate_of, payload, finished_at)
    select event_id, hook_id, delivery_guid, event, action, repository_id, full_name, number,
      head_sha, status, reason, duplicate_of, convert_to(payload, 'UTF8'),
      case when status <> 'pending' then now() end
    from arrived order by hook_id, delivery_guid
    returning event_id, hook_id, delivery_guid`.execute(db);
  return new Map(
    stored.map((row) => [deliveryOf({ hookId: row.hook_id, guid: row.delivery_guid }), row.event_id]),
  );
}

function missing({ guid }: Arrival): never {
  throw new Error(`The delivery ${guid} was stored without an id`);
}

import { anyOf, type Db } from "@nectr/db";
import { sql } from "kysely";
import type { KnownPull, PolledEvent } from "./jobs/decide-poll.ts";
import type { RepositoryKey } from "./pull-request-store.ts";
import type { UnfinishedEvent } from "./sweep-store.ts";

/** A repository without a webhook. */
export interface PolledRepository extends RepositoryKey {
  /** Since when somebody has been connected to it. */
  readonly connectedAt: Date;
}

export async function listPolledRepositories(db: Db): Promise<PolledRepository[]> {
  return await db
    .selectFrom("repositories")
    .innerJoin("installations", "installations.repository_id", "repositories.id")
    .select((e) => [
      "repositories.id as id",
      "repositories.full_name as fullName",
      e.fn.min("installations.created_at").as("connectedAt"),
    ])
    .where("repositories.polled", "=", true)
    .where("installations.active", "=", true)
    .groupBy("repositories.id")
    .orderBy("repositories.id")
    .execute();
}

/** The time by the clock that events are received by. */
export async function databaseTime(db: Db): Promise<Date> {
  const { now } = await db.selectNoFrom(sql<Date>`now()`.as("now")).executeTakeFirstOrThrow();
  return now;
}

/** Whether an event of the repository has come since then. */
export async function wasHeardOf(db: Db, repositoryId: number, since: Date): Promise<boolean> {
  const event = await db
    .selectFrom("webhook_events")
    .select("event_id")
    .where("repository_id", "=", repositoryId)
    .where("received_at", ">=", since)
    .limit(1)
    .executeTakeFirst();
  return event !== undefined;
}

/** What is known of those pull requests of a repository that have one of these numbers, or were open. */
export async function findKnownPulls(
  db: Db,
  repositoryId: number,
  listed: readonly number[],
): Promise<KnownPull[]> {
  const rows = await db
    .selectFrom("pull_requests")
    .select(["number", "state", "head_sha as headSha", "base_ref as baseRef"])
    .where("repository_id", "=", repositoryId)
    .where((e) => e.or([e("state", "=", "open"), e("number", "=", anyOf(listed))]))
    .execute();
  const numbers = [...new Set([...listed, ...rows.map(({ number }) => number)])];
  const events = await db
    .selectFrom("webhook_events")
    .distinctOn("number")
    .select([
      "number",
      "event_id as eventId",
      "action",
      "head_sha as headSha",
      "status",
      "received_at as receivedAt",
    ])
    .where("repository_id", "=", repositoryId)
    .where("number", "=", anyOf(numbers))
    .where("status", "not in", ["ignored", "duplicate"])
    .orderBy("number")
    .orderBy("event_id", "desc")
    .execute();
  const rowOf = new Map(rows.map((row) => [row.number, row]));
  const newestOf = new Map(events.map((event) => [event.number, event]));
  return numbers
    .map((number) => ({ number, newest: newestOf.get(number), row: rowOf.get(number) }))
    .filter(({ newest, row }) => newest !== undefined || row !== undefined);
}

/**
 * Stores what a look has shown, as if GitHub had sent it. An event that follows upon the same one as another of its
 * kind is that other, so that of several workers who look at once one stores it.
 * @returns those that were not there yet.
 */
export async function storePolledEvents(
  db: Db,
  repository: RepositoryKey,
  events: readonly PolledEvent[],
): Promise<UnfinishedEvent[]> {
  if (events.length === 0) return [];
  const rows = await db
    .insertInto("webhook_events")
    .values(
      events.map((event) => ({
        hook_id: 0,
        delivery_guid: guidOf(repository, event),
        event: "pull_request",
        action: event.action,
        repository_id: repository.id,
        full_name: repository.fullName,
        number: event.number,
        head_sha: event.headSha,
        status: "pending" as const,
        payload: Buffer.from(JSON.stringify(payloadOf(repository, event))),
      })),
    )
    .onConflict((conflict) => conflict.columns(["hook_id", "delivery_guid"]).doNothing())
    .returning(["event_id as eventId", "action"])
    .execute();
  return rows.map(({ eventId, action }) => ({ eventId, action: action ?? "", repositoryId: repository.id }));
}

/** A head that comes back follows upon another event than the first time. */
function guidOf({ id }: RepositoryKey, { number, action, headSha, after = "none" }: PolledEvent): string {
  return ["poll", id, number, action, headSha, after].join("/");
}

/** As much of GitHub's own payload as is read. */
function payloadOf({ id, fullName }: RepositoryKey, event: PolledEvent): object {
  const { number, action, headSha, merged, formerBase } = event;
  return {
    action,
    number,
    ...(formerBase !== undefined && { changes: { base: { ref: { from: formerBase } } } }),
    pull_request: { number, draft: false, merged: merged ?? false, head: { sha: headSha } },
    repository: { id, full_name: fullName },
  };
}

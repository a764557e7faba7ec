import { randomUUID } from "node:crypto";
import type { Database, Db } from "@nectr/db";
import { type RawBuilder, sql, type Transaction } from "kysely";

/** How many reviews run at once, over all workers. */
export interface Bounds {
  readonly perRepository: number;
  /** Of one user's token, over all repositories that it serves. */
  readonly perUser: number;
}

/** Whose places a review takes. */
export interface PlaceOwner {
  readonly repositoryId: number;
  /** 0: the operator's token. */
  readonly userId: number;
}

/** One of a repository's places, and of a user's, taken by one run of an event's review. */
export interface PlaceGrant extends PlaceOwner {
  readonly eventId: string;
  readonly holder: string;
}

/**
 * SQL for: whose token would serve the repository, which is that of the longest connected whose token works.
 * @param repositoryId a column.
 */
export function servingUser(repositoryId: string): RawBuilder<number> {
  return sql<number>`coalesce((
    select users.id from installations join users on users.id = installations.user_id
    where installations.repository_id = ${sql.ref(repositoryId)} and installations.active
      and users.token_state = 'active' and users.encrypted_token is not null
    order by installations.created_at, users.id limit 1), 0)`;
}

/**
 * From here to the end of the transaction nobody else takes or gives back a place of the repository or the user. All
 * lock in one order: the user first.
 */
export async function lockPlaces(
  tx: Transaction<Database>,
  { repositoryId, userId }: PlaceOwner,
): Promise<void> {
  await lock(tx, `places of user ${userId}`);
  await lock(tx, `places of repository ${repositoryId}`);
}

/** A lock that ends with the transaction. */
export async function lock(tx: Transaction<Database>, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/**
 * Takes a place where there is a free one, or takes over the one that an earlier run of the same event has.
 * @param tx in which the places are locked.
 * @param leaseSeconds how long it stays ours without `renewPlace`.
 * @returns undefined where none is free.
 */
export async function takePlace(
  tx: Transaction<Database>,
  { eventId, repositoryId, userId }: PlaceOwner & { readonly eventId: string },
  { perRepository, perUser }: Bounds,
  leaseSeconds: number,
): Promise<PlaceGrant | undefined> {
  const holder = randomUUID();
  const taken = (column: "repository_id" | "user_id", id: number) => sql`(
    select count(*) from review_places
    where ${sql.ref(column)} = ${id} and expires_at > now() and event_id <> ${eventId})`;
  const { numAffectedRows } = await sql`
    insert into review_places (event_id, repository_id, user_id, holder, expires_at)
    select ${eventId}::uuid, ${repositoryId}::bigint, ${userId}::bigint, ${holder}::uuid,
      now() + make_interval(secs => ${leaseSeconds})
    where ${taken("repository_id", repositoryId)} < ${perRepository} and ${taken("user_id", userId)} < ${perUser}
    on conflict (event_id) do update set repository_id = excluded.repository_id, user_id = excluded.user_id,
      holder = excluded.holder, expires_at = excluded.expires_at`.execute(tx);
  return numAffectedRows === 1n ? { eventId, repositoryId, userId, holder } : undefined;
}

/** Extends the lease; nothing happens where another run has the place. */
export async function renewPlace(db: Db, place: PlaceGrant, leaseSeconds: number): Promise<void> {
  await db
    .updateTable("review_places")
    .set({ expires_at: sql<Date>`now() + make_interval(secs => ${leaseSeconds})` })
    .where("event_id", "=", place.eventId)
    .where("holder", "=", place.holder)
    .execute();
}

/** Gives the place back; nothing happens where another run has it. */
export async function givePlaceBack(db: Db | Transaction<Database>, place: PlaceGrant): Promise<void> {
  await db
    .deleteFrom("review_places")
    .where("event_id", "=", place.eventId)
    .where("holder", "=", place.holder)
    .execute();
}

import { type Selectable, sql, type Transaction } from "kysely";
import type { Db } from "./connect.ts";
import type { Database, RequestLimitsTable } from "./schema.ts";

/** What is used of a user's limits. */
export type RequestLimitsRow = Omit<Selectable<RequestLimitsTable>, "account">;

/** A row that is locked, and the time at which it was. */
type Locked = RequestLimitsRow & { readonly now: Date };

/**
 * Replaces what is used of an account's limits by what `change` makes of it, while nobody else does.
 * @param unused of an account that is not known yet.
 * @param change takes the row, and the time by the database's clock; without a `row` in its answer nothing is changed.
 */
export async function updateRequestLimits<T>(
  db: Db,
  account: string,
  unused: RequestLimitsRow,
  change: (row: RequestLimitsRow, now: Date) => { row?: RequestLimitsRow | undefined; result: T },
): Promise<T> {
  return await db.transaction().execute(async (tx) => {
    // A crash of PostgreSQL forgets the last moment of it: waiting for its disk with every request costs more.
    await sql`set local synchronous_commit to off`.execute(tx);
    const { now, ...before } = (await lock(tx, account)) ?? (await add(tx, account, unused));
    const { row, result } = change(before, now);
    if (row) await tx.updateTable("request_limits").set(row).where("account", "=", account).execute();
    return result;
  });
}

/** The time is that after the wait for the lock. */
function lock(tx: Transaction<Database>, account: string): Promise<Locked | undefined> {
  return tx
    .with("locked", (e) =>
      e.selectFrom("request_limits").selectAll().where("account", "=", account).forUpdate(),
    )
    .selectFrom("locked")
    .select([
      "paused_until",
      "strikes",
      "points_whole_at",
      "writes_whole_at",
      "next_write_at",
      "latest_write",
      "last_retry_at",
      sql<Date>`clock_timestamp()`.as("now"),
    ])
    .executeTakeFirst();
}

async function add(tx: Transaction<Database>, account: string, unused: RequestLimitsRow): Promise<Locked> {
  await tx
    .insertInto("request_limits")
    .values({ account, ...unused })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await lock(tx, account);
  if (row === undefined) throw new Error(`the row of ${account}'s limits has vanished`);
  return row;
}

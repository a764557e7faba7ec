import type { Db, RepositoryRow } from "@nectr/db";
import type { Repository } from "@nectr/github";
import { sql } from "kysely";
import { refusal } from "./problems.ts";

/** What of a repository's webhook is stored. */
export type WebhookRow = Pick<RepositoryRow, (typeof webhookColumns)[number]>;

const webhookColumns = [
  "hook_id",
  "encrypted_webhook_secret",
  "encrypted_previous_secret",
  "previous_secret_expires_at",
  "polled",
] as const;

/** Until when a webhook's previous secret is good, for deliveries that are on their way. */
const previousSecretEnd = sql<Date>`now() + interval '1 hour'`;

/**
 * Does `work` while no other process connects, disconnects or rotates this repository. `work` gets the connection that
 * holds the lock; what it writes is committed at once, statement by statement, for others to see.
 *
 * @throws Problem busy, where so many wait that no connection was to be had
 */
export async function withRepositoryLock<T>(
  locks: Db,
  repositoryId: number,
  work: (locked: Db) => Promise<T>,
): Promise<T> {
  const key = sql<number>`hashtextextended(${`nectr/repository/${repositoryId}`}, 0)`;
  let begun = false;
  try {
    return await locks.connection().execute(async (connection) => {
      begun = true;
      await sql`select pg_advisory_lock(${key})`.execute(connection);
      try {
        return await work(connection);
      } finally {
        await sql`select pg_advisory_unlock(${key})`.execute(connection);
      }
    });
  } catch (cause) {
    if (begun) throw cause;
    const detail = "Too many repositories are being connected at this moment. Try again in a minute.";
    throw refusal("busy", detail, { cause, headers: { "retry-after": "60" } });
  }
}

export function findWebhook(db: Db, repositoryId: number): Promise<WebhookRow | undefined> {
  return db
    .selectFrom("repositories")
    .select(webhookColumns)
    .where("id", "=", repositoryId)
    .executeTakeFirst();
}

/** Stores what GitHub says of the repository, with what is about to be true of its webhook. */
export async function saveRepository(
  db: Db,
  repository: Repository,
  webhook: Partial<WebhookRow>,
): Promise<void> {
  const known = {
    full_name: repository.fullName,
    private: repository.private,
    default_branch: repository.defaultBranch,
    ...webhook,
    updated_at: sql<Date>`now()`,
  };
  await db
    .insertInto("repositories")
    .values({ id: repository.id, ...known })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(known))
    .execute();
}

const noWebhook: WebhookRow = {
  hook_id: null,
  encrypted_webhook_secret: null,
  encrypted_previous_secret: null,
  previous_secret_expires_at: null,
  polled: false,
};

/**
 * Undoes `saveRepository` where no webhook came of it. The row itself stays: others may have hung reviews on it
 * meanwhile.
 */
export async function restoreWebhook(
  db: Db,
  repositoryId: number,
  before: WebhookRow | undefined,
): Promise<void> {
  await db
    .updateTable("repositories")
    .set(before ?? noWebhook)
    .where("id", "=", repositoryId)
    .execute();
}

/**
 * Notes that GitHub has the stored secret, in this webhook. The previous one, if any, is good for another hour.
 *
 * @returns when the previous secret ends
 */
export async function confirmWebhook(db: Db, repositoryId: number, hookId: number): Promise<Date | null> {
  const { previous_secret_expires_at } = await db
    .updateTable("repositories")
    .set((e) => ({
      hook_id: hookId,
      polled: false,
      previous_secret_expires_at: e
        .case()
        .when("encrypted_previous_secret", "is not", null)
        .then(e.fn.coalesce("previous_secret_expires_at", previousSecretEnd))
        .end(),
      updated_at: sql<Date>`now()`,
    }))
    .where("id", "=", repositoryId)
    .returning("previous_secret_expires_at")
    .executeTakeFirstOrThrow();
  return previous_secret_expires_at;
}

/** Forgets the webhook, whose deliveries are refused from now on, or the polling that stood in for it. */
export async function forgetWebhook(db: Db, repositoryId: number): Promise<void> {
  await db
    .updateTable("repositories")
    .set({ ...noWebhook, delivery_cursor: null, updated_at: sql<Date>`now()` })
    .where("id", "=", repositoryId)
    .execute();
}

import { anyOf, type Db, type RepositoryRow } from "@nectr/db";
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

/** A webhook's secret that others took the place of is good for so long, for deliveries that are on their way. */
const previousSecretLife = sql<Date>`now() + interval '1 hour'`;

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
        .then(e.fn.coalesce("previous_secret_expires_at", previousSecretLife))
        .end(),
      updated_at: sql<Date>`now()`,
    }))
    .where("id", "=", repositoryId)
    .returning("previous_secret_expires_at")
    .executeTakeFirstOrThrow();
  return previous_secret_expires_at;
}

/** Connects the user. */
export async function saveInstallation(db: Db, userId: number, repositoryId: number): Promise<void> {
  await db
    .insertInto("installations")
    .values({ user_id: userId, repository_id: repositoryId })
    .onConflict((conflict) =>
      conflict
        .columns(["user_id", "repository_id"])
        // Whoever comes back is the newest again: the token of one who stayed is used first.
        .doUpdateSet({ active: true, created_at: sql<Date>`now()`, updated_at: sql<Date>`now()` })
        .where("installations.active", "=", false),
    )
    .execute();
}

/** Disconnects the user; with `forgetWebhook`, deliveries of the webhook are refused from now on. */
export async function endInstallation(
  db: Db,
  installation: { userId: number; repositoryId: number; forgetWebhook: boolean },
): Promise<void> {
  const { userId, repositoryId, forgetWebhook } = installation;
  await db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable("installations")
      .set({ active: false, updated_at: sql<Date>`now()` })
      .where("user_id", "=", userId)
      .where("repository_id", "=", repositoryId)
      .execute();
    if (!forgetWebhook) return;
    await transaction
      .updateTable("repositories")
      .set({
        ...noWebhook,
        delivery_cursor: null,
        updated_at: sql<Date>`now()`,
      })
      .where("id", "=", repositoryId)
      .execute();
  });
}

/** A user who is connected to a repository. */
export interface ConnectedUser {
  readonly repositoryId: number;
  readonly userId: number;
  readonly login: string;
}

/** Who is connected to which of these repositories, the longest first. */
export async function connectedUsers(db: Db, repositoryIds: readonly number[]): Promise<ConnectedUser[]> {
  return db
    .selectFrom("installations")
    .innerJoin("users", "users.id", "installations.user_id")
    .select([
      "installations.repository_id as repositoryId",
      "installations.user_id as userId",
      "users.login as login",
    ])
    .where("installations.repository_id", "=", anyOf(repositoryIds))
    .where("installations.active", "=", true)
    .orderBy("installations.created_at")
    .orderBy("installations.user_id")
    .execute();
}

/** The repository that the user is connected to under this name, as it was when it was last heard of. */
export async function connectedRepositoryId(
  db: Db,
  userId: number,
  fullName: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom("installations")
    .innerJoin("repositories", "repositories.id", "installations.repository_id")
    .select("repositories.id")
    .where("installations.user_id", "=", userId)
    .where("installations.active", "=", true)
    .where(sql`lower(repositories.full_name)`, "=", fullName.toLowerCase())
    .executeTakeFirst();
  return row?.id;
}

/**
 * Disconnects everybody else from repositories that are polled: their token was taken out of the configuration, and
 * nobody is left who could disconnect them.
 */
export async function endPollingForOthers(db: Db, userId: number): Promise<void> {
  await db
    .updateTable("installations")
    .from("repositories")
    .set({ active: false, updated_at: sql<Date>`now()` })
    .whereRef("repositories.id", "=", "installations.repository_id")
    .where("repositories.polled", "=", true)
    .where("installations.active", "=", true)
    .where("installations.user_id", "!=", userId)
    .execute();
}

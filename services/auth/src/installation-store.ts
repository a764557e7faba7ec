import { anyOf, type Db } from "@nectr/db";
import { sql } from "kysely";

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

/** Disconnects the user. */
export async function endInstallation(db: Db, userId: number, repositoryId: number): Promise<void> {
  await db
    .updateTable("installations")
    .set({ active: false, updated_at: sql<Date>`now()` })
    .where("user_id", "=", userId)
    .where("repository_id", "=", repositoryId)
    .execute();
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

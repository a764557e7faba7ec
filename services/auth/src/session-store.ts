import type { Db, UserRow } from "@nectr/db";

/** Stores a sign-in. @returns the session's id */
export async function createSession(db: Db, userId: number, expiresAt: Date): Promise<string> {
  const { id } = await db
    .insertInto("sessions")
    .values({ user_id: userId, expires_at: expiresAt })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Whose session it is, as long as it is neither over nor revoked. */
export function findSessionUser(
  db: Db,
  { sessionId, userId, now }: { sessionId: string; userId: number; now: Date },
): Promise<UserRow | undefined> {
  return db
    .selectFrom("sessions")
    .innerJoin("users", "users.id", "sessions.user_id")
    .selectAll("users")
    .where("sessions.id", "=", sessionId)
    .where("sessions.user_id", "=", userId)
    .where("sessions.revoked_at", "is", null)
    .where("sessions.expires_at", ">", now)
    .executeTakeFirst();
}

/** Ends a session everywhere, at once. One that has ended already stays as it is. */
export async function revokeSession(db: Db, sessionId: string, now: Date): Promise<void> {
  await db
    .updateTable("sessions")
    .set({ revoked_at: now })
    .where("id", "=", sessionId)
    .where("revoked_at", "is", null)
    .execute();
}

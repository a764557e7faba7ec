import type { Db } from "@nectr/db";

/** The users who connected the repository and still are connected, the longest first. */
export async function connectedUserIds(db: Db, repositoryId: number): Promise<number[]> {
  const rows = await db
    .selectFrom("installations")
    .select("user_id")
    .where("repository_id", "=", repositoryId)
    .where("active", "=", true)
    .orderBy("created_at")
    .orderBy("user_id")
    .execute();
  return rows.map((row) => row.user_id);
}

import type { Db } from "@nectr/db";
import { expect, vi } from "vitest";

/** How long a condition may take to become true: a limit for what hangs. */
export const patience = { timeout: 100_000, interval: 50 };

/** The event by which a head was first heard of, as it stands now. */
export function eventOf(db: Db, headSha: string) {
  return db
    .selectFrom("webhook_events")
    .select(["event_id", "repository_id", "number", "full_name", "status", "reason", "error", "attempts"])
    .where("head_sha", "=", headSha)
    .where("event", "=", "pull_request")
    .orderBy("event_id")
    .executeTakeFirst();
}

/** Waits until the head's event is as expected. */
export async function untilEvent(db: Db, headSha: string, expected: object): Promise<void> {
  await vi.waitFor(async () => expect(await eventOf(db, headSha)).toMatchObject(expected), patience);
}

/** Waits until the head is reviewed, and its event is at its end. */
export async function untilReviewed(db: Db, headSha: string): Promise<void> {
  await untilEvent(db, headSha, { status: "completed" });
}

/** Heads of a repository that were reviewed to the end, in turn; one that was reviewed twice is there twice. */
export async function reviewedHeads(db: Db, repositoryId: number): Promise<string[]> {
  const rows = await db
    .selectFrom("reviews")
    .select("head_sha")
    .where("repository_id", "=", repositoryId)
    .where("status", "=", "posted")
    .orderBy("id")
    .execute();
  return rows.map(({ head_sha: headSha }) => headSha);
}

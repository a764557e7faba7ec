import { type Db } from "@nectr/db";
import { createTestDatabase } from "@nectr/db/testing";
import { sql } from "kysely";
import { expect, inject, test } from "vitest";
import { readReviewCost, readSpent, saveSpend } from "../src/spend-store.ts";

const price = { input: 2, output: 10, cacheRead: 2, cacheWrite: 2 };
const [ours, other] = [10, 99];

/** A review of a head of its own. @returns its id. */
async function review(db: Db, repositoryId: number, number: number, headSha: string): Promise<string> {
  await sql`insert into repositories (id, full_name, private, default_branch)
    values (${repositoryId}, ${`octocat/r${repositoryId}`}, false, 'main') on conflict do nothing`.execute(
    db,
  );
  await sql`insert into pull_requests (repository_id, number, title, author_login, state, draft, head_sha, base_ref)
    values (${repositoryId}, ${number}, '', 'hubot', 'open', false, ${headSha}, 'main')
    on conflict do nothing`.execute(db);
  const { rows } = await sql<{ id: string }>`
    insert into reviews (repository_id, number, head_sha, generation, event_id)
    values (${repositoryId}, ${number}, ${headSha}, 0, uuidv7()) returning id`.execute(db);
  return rows[0]!.id;
}

async function spend(db: Db, reviewId: string, repositoryId: number, costUsd: number | undefined) {
  const usage = { inputTokens: 1_000_000, cachedInputTokens: 0, outputTokens: 1_000_000, costUsd };
  await saveSpend(db, { reviewId, repositoryId, model: "scripted", usage });
}

test("what counts: all heads of the pull request; this month of the repository, and of all of them", async () => {
  await using database = await createTestDatabase(inject("postgresUrl"));
  const { db } = database;
  const past = await review(db, ours, 1, "past");
  await spend(db, past, ours, 1);
  // The last moment of the month before, by UTC.
  await db
    .updateTable("model_usage")
    .set({ created_at: sql<Date>`date_trunc('month', now(), 'UTC') - interval '1 millisecond'` })
    .execute();
  const now = await review(db, ours, 1, "now");
  await spend(db, now, ours, 2);
  await db
    .updateTable("model_usage")
    .set({ created_at: sql<Date>`date_trunc('month', now(), 'UTC')` })
    .where("review_id", "=", now)
    .execute();
  await spend(db, await review(db, ours, 2, "now"), ours, 4);
  await spend(db, await review(db, other, 1, "now"), other, 8);
  expect(await readSpent(db, { repositoryId: ours, number: 1 }, price)).toEqual({
    pullRequest: 3,
    repository: 6,
    month: 14,
  });
  expect(await readSpent(db, { repositoryId: 7, number: 1 }, price)).toMatchObject({
    pullRequest: 0,
    repository: 0,
  });

  // From a time when nobody had told the price: as much as it would cost now.
  await spend(db, now, ours, undefined);
  expect(await readSpent(db, { repositoryId: ours, number: 1 }, price)).toEqual({
    pullRequest: 15,
    repository: 18,
    month: 26,
  });
  expect(await readReviewCost(db, now)).toEqual({ inputTokens: 2_000_000, outputTokens: 2_000_000 });
  expect(await readReviewCost(db, past)).toMatchObject({ costUsd: 1 });
  expect(await readReviewCost(db, await review(db, other, 2, "now"))).toBeUndefined();
});

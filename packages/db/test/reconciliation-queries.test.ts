import { sql } from "kysely";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { requestReconciliation } from "../src/index.ts";
import { createTestDatabase, type TestDatabase } from "../src/testing.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
});
afterEach(async () => await database[Symbol.asyncDispose]());

/** Minutes from now until the repository's next look. */
async function due(id: number): Promise<number> {
  const { minutes } = await database.db
    .selectFrom("repositories")
    .select(sql<number>`extract(epoch from reconcile_at - now()) / 60`.as("minutes"))
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return Math.max(0, Math.round(Number(minutes)));
}

test("after an absence each repository is looked at soon, and none twice within five minutes", async () => {
  const inMinutes = (minutes: number) => sql<Date>`now() + make_interval(mins => ${minutes})`;
  const repository = (id: number, more: object) => ({
    id,
    full_name: `octocat/${id}`,
    private: false,
    default_branch: "main",
    hook_id: id,
    reconcile_at: inMinutes(50),
    ...more,
  });
  await database.db
    .insertInto("repositories")
    .values([
      repository(1, { reconciled_at: null }),
      repository(2, { reconciled_at: inMinutes(-10) }),
      repository(3, { reconciled_at: inMinutes(-1) }),
      repository(4, { reconciled_at: inMinutes(-1), reconcile_at: inMinutes(2) }),
      repository(5, { reconciled_at: null, hook_id: null }),
    ])
    .execute();
  await requestReconciliation(database.db);
  expect(await Promise.all([1, 2, 3, 4, 5].map(due))).toEqual([0, 0, 4, 2, 50]);
});

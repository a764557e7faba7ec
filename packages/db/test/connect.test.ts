import { sql } from "kysely";
import { expect, inject, test } from "vitest";
import { connect } from "../src/index.ts";
import { createTestDatabase } from "../src/testing.ts";

test("a connection that is cut between two queries of a transaction fails that one alone, and is told", async () => {
  await using database = await createTestDatabase(inject("postgresUrl"));
  const told: Error[] = [];
  const db = connect({ connectionString: database.url, onError: (error) => void told.push(error) });
  try {
    const transaction = db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(database.db);
      await expect.poll(() => told.length).toBeGreaterThan(0);
      await sql`select 1`.execute(tx);
    });
    await expect(transaction).rejects.toThrow();
    expect((await sql<{ one: number }>`select 1 as one`.execute(db)).rows).toEqual([{ one: 1 }]);
  } finally {
    await db.destroy();
  }
});

test("a query that gets no answer keeps nobody from closing", async () => {
  await using database = await createTestDatabase(inject("postgresUrl"));
  const db = connect({ connectionString: database.url, onError: () => {} });
  const unanswered = sql`select pg_sleep(600)`.execute(db).then(
    () => "answered",
    (error: Error) => error.message,
  );
  const sleeping = sql`select from pg_stat_activity where query like 'select pg_sleep%' and datname = current_database()`;
  await expect.poll(async () => (await sleeping.execute(database.db)).rows.length).toBe(1);
  await db.destroy();
  expect(await unanswered).toContain("terminated");
});

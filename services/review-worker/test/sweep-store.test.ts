import { createTestDatabase, type TestDatabase } from "@nectr/db/testing";
import { type RawBuilder, sql } from "kysely";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { findAwaitedEvents, removeExpired } from "../src/sweep-store.ts";

let database: TestDatabase;
let eventId: string;
beforeEach(async () => {
  database = await createTestDatabase(inject("postgresUrl"));
  const { db } = database;
  const repository = { id: 42, full_name: "octocat/shop", private: false, default_branch: "main" };
  await db.insertInto("repositories").values(repository).execute();
  const user = { github_id: 7, login: "octocat", scopes: "repo", updated_at: minutesAgo(9) };
  const { id } = await db.insertInto("users").values(user).returning("id").executeTakeFirstOrThrow();
  await db
    .insertInto("installations")
    .values({ user_id: id, repository_id: 42, updated_at: minutesAgo(9) })
    .execute();
  const event = await db
    .insertInto("webhook_events")
    .values({
      hook_id: 1,
      delivery_guid: "a",
      event: "pull_request",
      action: "opened",
      repository_id: 42,
      full_name: "octocat/shop",
      number: 7,
      head_sha: "a".repeat(40),
      status: "pending",
      reason: "sign in",
      started_at: minutesAgo(5),
      enqueued_at: minutesAgo(6),
    })
    .returning("event_id")
    .executeTakeFirstOrThrow();
  eventId = event.event_id;
});
afterEach(() => database[Symbol.asyncDispose]());

function minutesAgo(minutes: number): RawBuilder<Date> {
  return sql<Date>`now() - make_interval(mins => ${minutes})`;
}

const awaited = async () => (await findAwaitedEvents(database.db, "sign in", 10)).map((each) => each.eventId);

test("an event that waits for a sign-in is awaited after one, once", async () => {
  const { db } = database;
  expect(await awaited()).toEqual([]);
  await db
    .updateTable("users")
    .set({ updated_at: minutesAgo(4) })
    .execute();
  expect(await awaited()).toEqual([eventId]);
  await db
    .updateTable("webhook_events")
    .set({ enqueued_at: minutesAgo(3) })
    .execute();
  expect(await awaited()).toEqual([]);
});

test("another member who connects is as good", async () => {
  await database.db
    .updateTable("installations")
    .set({ updated_at: minutesAgo(4) })
    .execute();
  expect(await awaited()).toEqual([eventId]);
});

test.each([
  [
    "the token is refused still",
    () => database.db.updateTable("users").set({ token_state: "reconnect_needed" }),
  ],
  ["the user has disconnected", () => database.db.updateTable("installations").set({ active: false })],
  [
    "the event waits for something else",
    () => database.db.updateTable("webhook_events").set({ reason: "limit" }),
  ],
  ["the event runs", () => database.db.updateTable("webhook_events").set({ status: "processing" })],
])("nothing is awaited where %s", async (_name, change) => {
  await database.db
    .updateTable("users")
    .set({ updated_at: minutesAgo(4) })
    .execute();
  await change().execute();
  expect(await awaited()).toEqual([]);
});

test("what GitHub was asked for again is kept as long as events are", async () => {
  const { db } = database;
  const redelivery = { hook_id: 1, repository_id: 42, delivered_at: minutesAgo(0), attempts: 1 };
  await db
    .insertInto("redeliveries")
    .values([
      { ...redelivery, delivery_guid: "new", asked_at: minutesAgo(29 * 24 * 60) },
      { ...redelivery, delivery_guid: "old", asked_at: minutesAgo(31 * 24 * 60) },
    ])
    .execute();
  await removeExpired(db);
  expect(await db.selectFrom("redeliveries").select("delivery_guid").execute()).toEqual([
    { delivery_guid: "new" },
  ]);
});
